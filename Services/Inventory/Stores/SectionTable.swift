import Contracts
import DatabaseKit

/// The SQL on the sections that an event's seats are made in, within a caller's transaction.
enum SectionTable {
    static func sections(of eventID: String, in session: any SQLSession) throws -> Set<EventRules.Section> {
        Set(
            try session.query(
                "SELECT name, seat_rows, seats_per_row, first_ordinal FROM seat_sections WHERE event_id = $1", eventID
            ).map(section))
    }

    /// The sections with their ticket types, in seat order.
    static func placed(
        of eventID: String, in session: any SQLSession
    ) throws -> [(section: EventRules.Section, ticketTypeID: String)] {
        try session.query(
            """
            SELECT name, seat_rows, seats_per_row, first_ordinal, ticket_type_id FROM seat_sections
            WHERE event_id = $1 ORDER BY first_ordinal
            """, eventID
        ).map { (try section($0), try $0.string("ticket_type_id")) }
    }

    private static func section(_ row: SQLRow) throws -> EventRules.Section {
        EventRules.Section(
            name: try row.string("name"), rows: try row.int("seat_rows"),
            seatsPerRow: try row.int("seats_per_row"), firstOrdinal: try row.int64("first_ordinal"))
    }

    /// How the seats of an event stand.
    static func layout(of eventID: String, in session: any SQLSession) throws -> [FreeSeats.Section] {
        try session.query(
            """
            SELECT name, ticket_type_id, seat_rows, seats_per_row, first_ordinal FROM seat_sections
            WHERE event_id = $1
            """, eventID
        ).map { row in
            FreeSeats.Section(
                name: try row.string("name"), ticketTypeID: try row.string("ticket_type_id"),
                rows: try row.int("seat_rows"), seatsPerRow: try row.int("seats_per_row"),
                firstOrdinal: try row.int64("first_ordinal"))
        }
    }

    /// Notes that the seats of `section` are the event's; whether that is new.
    static func insert(
        _ section: EventRules.Section, of typeID: String, in eventID: String, session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            INSERT INTO seat_sections (event_id, name, ticket_type_id, seat_rows, seats_per_row, first_ordinal)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
            """, eventID, section.name, typeID, section.rows, section.seatsPerRow, section.firstOrdinal) == 1
    }

    /// Lets the seats of a section be bought that were made before it was the event's.
    ///
    /// - Throws: ``MissingSeats`` when they are not all there, which ends the transaction.
    static func offer(_ section: EventRules.Section, of eventID: String, in session: any SQLSession) throws {
        let range = section.firstOrdinal..<(section.firstOrdinal + Int64(section.seats))
        try session.execute(
            """
            UPDATE seats SET status = 'Available', version = version + 1
            WHERE event_id = $1 AND ordinal >= $2 AND ordinal < $3 AND section = $4 AND status = 'Blocked'
            """, eventID, range.lowerBound, range.upperBound, section.name)
        let made = try session.first(
            "SELECT COUNT(*) FROM seats WHERE event_id = $1 AND ordinal >= $2 AND ordinal < $3 AND section = $4",
            eventID, range.lowerBound, range.upperBound, section.name
        )?.int(0)
        guard made == section.seats else { throw MissingSeats(section: section.name, eventID: eventID) }
    }

    /// Whether a buyer has a seat of the section.
    static func isTaken(_ name: String, of eventID: String, in session: any SQLSession) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM seats WHERE event_id = $1 AND section = $2 AND status IN ('Reserved', 'Sold') LIMIT 1
            """, eventID, name) != nil
    }

    static func delete(_ name: String, of eventID: String, in session: any SQLSession) throws {
        try BlockedSeatTable.forget(name, of: eventID, in: session)
        try session.execute("DELETE FROM seats WHERE event_id = $1 AND section = $2", eventID, name)
        try session.execute("DELETE FROM seat_sections WHERE event_id = $1 AND name = $2", eventID, name)
    }

    static func deleteAbandonedSeats(of eventID: String, in session: any SQLSession) throws {
        try session.execute(
            """
            DELETE FROM seats WHERE event_id = $1 AND status = 'Blocked'
            AND section NOT IN (SELECT name FROM seat_sections WHERE event_id = $1)
            """, eventID)
    }

    /// Deletes up to `limit` seats of an event; how many there were.
    static func deleteSeats(of eventID: String, limit: Int, in session: any SQLSession) throws -> Int {
        try session.execute(
            """
            DELETE FROM seats WHERE event_id = $1
            AND ordinal IN (SELECT ordinal FROM seats WHERE event_id = $1 ORDER BY ordinal LIMIT $2)
            """, eventID, limit)
    }
}

/// A section's seats were not all made before its rules came: nothing is changed, and the push is tried again.
struct MissingSeats: Error, CustomStringConvertible {
    let section: String
    let eventID: String

    var description: String { "section \(section) of event \(eventID) does not have all its seats" }
}
