import Contracts
import DatabaseKit

/// The SQL on seats that organizers keep back, within a caller's transaction.
enum BlockedSeatTable {
    /// A seat that is kept back.
    struct BlockedSeat {
        let ordinal: Int64
        let number: String
        let ticketTypeID: String
    }

    /// The blocked seats of an event, without those of sections that are still being made.
    static func seats(of eventID: String, in session: any SQLSession) throws -> [BlockedSeat] {
        try session.query(
            """
            SELECT ordinal, seat_number, ticket_type_id FROM seats
            WHERE event_id = $1 AND status = 'Blocked'
            AND section IN (SELECT name FROM seat_sections WHERE event_id = $1)
            """, eventID
        ).map { row in
            BlockedSeat(
                ordinal: try row.int64("ordinal"), number: try row.string("seat_number"),
                ticketTypeID: try row.string("ticket_type_id"))
        }
    }

    /// Moves seats from one state to another, by their ordinals; how many were in the first.
    static func move(
        _ ordinals: [Int64], of eventID: String, from old: SeatStatus, to new: SeatStatus, in session: any SQLSession
    ) throws -> Int {
        let parameters: [any SQLValueConvertible] = [eventID, old.rawValue, new.rawValue] + ordinals
        return try session.execute(
            """
            UPDATE seats SET status = $3, version = version + 1 WHERE event_id = $1 AND status = $2 \
            AND reservation_id IS NULL AND ordinal IN (\(SQLList.parameters(ordinals.count, after: 3)))
            """, parameters)
    }

    /// Adds to the number of blocked seats of a ticket type.
    static func count(_ change: Int, of typeID: String, in eventID: String, session: any SQLSession) throws {
        try session.execute(
            "UPDATE ticket_types SET blocked = blocked + $3 WHERE event_id = $1 AND ticket_type_id = $2", eventID,
            typeID, change)
    }

    /// Takes the blocked seats of a section that goes out of its ticket type's number.
    static func forget(_ section: String, of eventID: String, in session: any SQLSession) throws {
        try session.execute(
            """
            UPDATE ticket_types SET blocked = blocked - (SELECT COUNT(*) FROM seats WHERE seats.event_id = $1 \
            AND section = $2 AND seats.ticket_type_id = ticket_types.ticket_type_id AND status = 'Blocked')
            WHERE event_id = $1 AND ticket_type_id IN \
            (SELECT ticket_type_id FROM seat_sections WHERE event_id = $1 AND name = $2)
            """, eventID, section)
    }
}
