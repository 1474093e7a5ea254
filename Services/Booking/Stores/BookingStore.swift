import Contracts
import DatabaseKit
import ServiceKit

/// Reads bookings and tickets. One whose deal is not known yet is not shown to anybody.
struct BookingStore: Sendable {
    let database: any Database

    /// A booking with its tickets.
    struct Found: Sendable, Hashable {
        let booking: Booking
        let tickets: [Ticket]
    }

    /// The booking called `id`, when it is `userID`'s.
    func booking(_ id: String, of userID: String) async throws -> Found? {
        try await database.read { session in
            try session.first(
                """
                SELECT \(BookingTable.columns) FROM bookings
                WHERE booking_id = $1 AND user_id = $2 AND event_id IS NOT NULL
                """, id, userID
            ).map { try Self.withTickets($0, session) }
        }
    }

    /// The booking with a reference, when it is `userID`'s.
    func booking(withReference reference: String, of userID: String) async throws -> Found? {
        try await database.read { session in
            try session.first(
                """
                SELECT \(BookingTable.columns) FROM bookings
                WHERE reference = $1 AND user_id = $2 AND event_id IS NOT NULL
                """, reference, userID
            ).map { try Self.withTickets($0, session) }
        }
    }

    /// A page of `userID`'s bookings, newest first, and how many there are.
    func bookings(of userID: String, _ page: PageRequest) async throws -> (page: [Found], total: Int) {
        try await database.read { session in
            let total =
                try session.first(
                    "SELECT COUNT(*) AS total FROM bookings WHERE user_id = $1 AND event_id IS NOT NULL", userID
                )?.int("total") ?? 0
            let rows = try session.query(
                """
                SELECT \(BookingTable.columns) FROM bookings WHERE user_id = $1 AND event_id IS NOT NULL
                ORDER BY booking_id DESC LIMIT $2 OFFSET $3
                """, userID, page.pageSize, page.offset)
            return (try rows.map { try Self.withTickets($0, session) }, total)
        }
    }

    /// Up to `limit` bookings after the one called `id`, in the order of their ids, of one event or of all.
    func bookings(ofEvent eventID: String?, after id: String, limit: Int) async throws -> [Found] {
        try await database.read { session in
            let rows =
                if let eventID {
                    try session.query(
                        """
                        SELECT \(BookingTable.columns) FROM bookings WHERE event_id = $1 AND booking_id > $2
                        ORDER BY booking_id LIMIT $3
                        """, eventID, id, limit)
                } else {
                    try session.query(
                        """
                        SELECT \(BookingTable.columns) FROM bookings WHERE event_id IS NOT NULL AND booking_id > $1
                        ORDER BY booking_id LIMIT $2
                        """, id, limit)
                }
            return try rows.map { try Self.withTickets($0, session) }
        }
    }

    /// A booking of anybody's whose deal is known, as a caller's transaction sees it.
    static func find(_ id: String, _ session: any SQLSession) throws -> Found? {
        try session.first(
            "SELECT \(BookingTable.columns) FROM bookings WHERE booking_id = $1 AND event_id IS NOT NULL", id
        ).map { try withTickets($0, session) }
    }

    /// A query a booking: pages are small and the index has a booking's tickets side by side.
    private static func withTickets(_ row: SQLRow, _ session: any SQLSession) throws -> Found {
        let booking = try BookingTable.booking(row)
        let tickets = try session.query(
            "SELECT \(TicketTable.columns) FROM tickets WHERE booking_id = $1 ORDER BY position", booking.id
        ).map(TicketTable.ticket)
        return Found(booking: booking, tickets: tickets)
    }
}
