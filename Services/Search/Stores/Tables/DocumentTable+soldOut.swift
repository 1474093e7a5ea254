import Contracts
import DatabaseKit
import ServiceKit

/// Which events have nothing left to buy, as far as was heard.
extension DocumentTable {
    func mark(_ isSoldOut: [String: Bool], _ session: any SQLSession) throws {
        for (eventID, soldOut) in isSoldOut.sorted(by: { $0.key < $1.key }) {
            try session.execute(
                "UPDATE \(tables.documents) SET is_sold_out = $1 WHERE event_id = $2 AND is_sold_out <> $1", soldOut,
                eventID)
        }
    }

    /// Takes the marks over from another copy.
    func takeMarks(from other: CopyTables, _ session: any SQLSession) throws {
        try session.execute(
            """
            UPDATE \(tables.documents) SET is_sold_out = 1
            WHERE event_id IN (SELECT event_id FROM \(other.documents) WHERE is_sold_out = 1)
            """)
    }

    func soldOut(after eventID: String, limit: Int, at now: Timestamp, _ session: any SQLSession) throws -> [String] {
        try session.query(
            """
            SELECT event_id FROM \(tables.documents)
            WHERE is_sold_out = 1 AND is_listed = 1 AND ends_at > $1 AND event_id > $2 ORDER BY event_id LIMIT $3
            """, now, eventID, limit
        ).map { try $0.string(0) }
    }
}
