import Contracts
import DatabaseKit

/// Counts an event's stock twice, from the counters and from the rows, for auditors.
struct ReconciliationStore: Sendable {
    private let database: any Database

    init(database: any Database) {
        self.database = database
    }

    /// The event's counters and its sales after reservation `after`; nil for an unknown event.
    func read(_ eventID: String, after: String, limit: Int) async throws -> InventoryReconciliation? {
        try await database.read { session in
            guard let event = try SaleEventTable.find(eventID, in: session) else { return nil }
            let seats = try Self.seatCounts(of: eventID, in: session)
            let held = try Self.places(of: eventID, status: .active, in: session)
            let sold = try Self.places(of: eventID, status: .confirmed, in: session)
            let counters = event.ticketTypes.map { type in
                InventoryReconciliation.Counters(
                    ticketTypeId: type.id, stock: type.stock, seatsSold: seats[type.id]?.sold ?? 0,
                    seatsReserved: seats[type.id]?.reserved ?? 0, seatsTotal: seats[type.id]?.total ?? 0,
                    heldByReservations: held[type.id, default: 0], soldByReservations: sold[type.id, default: 0])
            }
            return InventoryReconciliation(
                eventId: eventID, counters: counters,
                sales: try Self.sales(of: eventID, after: after, limit: limit, in: session))
        }
    }

    private static func seatCounts(
        of eventID: String, in session: any SQLSession
    ) throws -> [String: (sold: Int, reserved: Int, total: Int)] {
        let rows = try session.query(
            """
            SELECT ticket_type_id, SUM(CASE WHEN status = 'Sold' THEN 1 ELSE 0 END) AS sold, \
            SUM(CASE WHEN status = 'Reserved' THEN 1 ELSE 0 END) AS reserved, COUNT(*) AS total
            FROM seats WHERE event_id = $1 GROUP BY ticket_type_id
            """, eventID)
        return try Dictionary(
            uniqueKeysWithValues: rows.map { row in
                (
                    try row.string("ticket_type_id"),
                    (sold: try row.int("sold"), reserved: try row.int("reserved"), total: try row.int("total"))
                )
            })
    }

    private static func places(
        of eventID: String, status: ReservationStatus, in session: any SQLSession
    ) throws -> [String: Int] {
        // Spelled out, since a partial index serves no parameter.
        let rows = try session.query(
            "SELECT lines FROM reservations WHERE event_id = $1 AND status = '\(status.rawValue)'", eventID)
        var places: [String: Int] = [:]
        for row in rows {
            for line in try ReservationLines.decode(try row.string("lines")) {
                places[line.ticketTypeID, default: 0] += line.quantity
            }
        }
        return places
    }

    /// Sales with their seats as the seat rows have them, not as the reservations remember them.
    private static func sales(
        of eventID: String, after: String, limit: Int, in session: any SQLSession
    ) throws -> [InventoryReconciliation.Sale] {
        let reservations = try session.query(
            """
            SELECT reservation_id, booking_id, lines FROM reservations
            WHERE event_id = $1 AND status = 'Confirmed' AND reservation_id > $2 ORDER BY reservation_id LIMIT $3
            """, eventID, after, limit)
        guard !reservations.isEmpty else { return [] }
        var seats: [String: [String: [String]]] = [:]
        for row in try session.query(
            """
            SELECT seat_number, ticket_type_id, reservation_id FROM seats
            WHERE event_id = $1 AND status = 'Sold' ORDER BY ordinal
            """, eventID)
        {
            seats[try row.string("reservation_id"), default: [:]][try row.string("ticket_type_id"), default: []]
                .append(try row.string("seat_number"))
        }
        return try reservations.flatMap { row in
            let id = try row.string("reservation_id")
            let bookingID = try row.string("booking_id")
            return try ReservationLines.decode(try row.string("lines")).map { line in
                InventoryReconciliation.Sale(
                    reservationId: id, bookingId: bookingID, ticketTypeId: line.ticketTypeID,
                    seatNumbers: seats[id]?[line.ticketTypeID] ?? [], quantity: line.quantity)
            }
        }
    }
}
