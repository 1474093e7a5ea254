import DatabaseKit

/// The rows of seats in which seats became free, and when: what lets everyone who remembers free seats remember too
/// many of them, but never too few.
///
/// A row is noted at the version that the event's stock has next, in the transaction that frees its seats. Taking a
/// seat notes nothing.
enum FreedRowTable {
    static func statements(_ dialect: SQLDialect) -> [String] {
        [
            """
            CREATE TABLE freed_rows (
                event_id TEXT NOT NULL,
                section TEXT NOT NULL,
                row_number BIGINT NOT NULL,
                stock_version BIGINT NOT NULL,
                PRIMARY KEY (event_id, section, row_number)
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX freed_rows_by_version ON freed_rows (event_id, stock_version)",
        ]
    }

    /// Notes that seats, by number, became free.
    static func note(_ numbers: [String], of eventID: String, in session: any SQLSession) throws {
        try session.demand(
            rows: nil, orThrow: DatabaseError(.sql, "freed rows could not be noted"),
            """
            INSERT INTO freed_rows (event_id, section, row_number, stock_version)
            SELECT DISTINCT s.event_id, s.section, s.row_number, e.stock_version + 1
            FROM events e JOIN seats s ON s.event_id = e.event_id
            WHERE e.event_id = $1 AND \(SeatTable.hasNumber(numbers.count, after: 1, of: "s."))
            ON CONFLICT (event_id, section, row_number) DO UPDATE SET stock_version = excluded.stock_version
            """, [eventID] + numbers)
    }

    /// The version of an event's stock, and the rows that were freed at `version` or later.
    static func freed(
        since version: Int64, of eventID: String, in session: any SQLSession
    ) throws -> (stockVersion: Int64, rows: [(section: String, number: Int)]) {
        let rows = try session.query(
            """
            SELECT e.stock_version, f.section, f.row_number
            FROM events e LEFT JOIN freed_rows f ON f.event_id = e.event_id AND f.stock_version >= $2
            WHERE e.event_id = $1
            """, eventID, version)
        let freed = try rows.compactMap { row -> (section: String, number: Int)? in
            guard let section = try row.optionalString("section") else { return nil }
            return (section, try row.int("row_number"))
        }
        return (try rows.first?.int64("stock_version") ?? version, freed)
    }

    /// Forgets what was noted of an event that is removed.
    static func delete(of eventID: String, in session: any SQLSession) throws {
        try session.execute("DELETE FROM freed_rows WHERE event_id = $1", eventID)
    }
}
