import Contracts
import DatabaseKit
import ServiceKit

/// Keeps copies of events and how far the change feed was read.
struct EventCopyStore: Sendable {
    let database: any Database

    private static let feed = "events"

    func event(_ id: String) async throws -> EventCopy? {
        try await database.read { session in
            try session.first(
                "SELECT event_id, version, owner_id, status, event_date FROM event_copies WHERE event_id = $1", id
            ).map { row in
                EventCopy(
                    id: try row.string("event_id"), version: try row.int64("version"),
                    ownerID: try row.string("owner_id"), status: try row.choice("status"),
                    eventDate: try row.timestamp("event_date"))
            }
        }
    }

    /// Where to go on reading the feed; 0 at the beginning.
    func position() async throws -> Int64 {
        try await database.read { session in
            try session.first("SELECT sequence FROM feed_position WHERE feed = $1", Self.feed)?.int64(0) ?? 0
        }
    }

    /// Takes over events that somebody asked for, where they are newer.
    func remember(_ events: [EventCopy]) async throws {
        try await database.write { session in
            for event in events { try Self.remember(event, session) }
        }
    }

    /// Takes over a page of the feed with its position, and notes the refunds that a cancelled event needs.
    func apply(_ events: [EventCopy], upTo sequence: Int64, at now: Timestamp) async throws {
        try await database.write { session in
            for event in events {
                try Self.remember(event, session)
                if event.status == .cancelled { try EventRefundTable.note(event, at: now, session) }
            }
            try session.execute(
                """
                INSERT INTO feed_position (feed, sequence) VALUES ($1, $2)
                ON CONFLICT (feed) DO UPDATE SET sequence = excluded.sequence
                WHERE feed_position.sequence < excluded.sequence
                """, Self.feed, sequence)
        }
    }

    /// Forgets every copy and the position, because the feed began anew: versions are no longer what they were.
    ///
    /// - Parameter sequence: where the reader stood that noticed; another one may have been quicker
    func startOver(from sequence: Int64) async throws {
        try await database.write { session in
            let isFirst =
                try session.execute(
                    "UPDATE feed_position SET sequence = 0 WHERE feed = $1 AND sequence = $2", Self.feed, sequence) == 1
            guard isFirst else { return }
            try session.execute("DELETE FROM event_copies")
            try session.execute("UPDATE event_refunds SET version = 0")
        }
    }

    private static func remember(_ event: EventCopy, _ session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO event_copies (event_id, version, owner_id, status, event_date) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (event_id) DO UPDATE SET version = excluded.version, owner_id = excluded.owner_id,
                status = excluded.status, event_date = excluded.event_date
            WHERE event_copies.version <= excluded.version
            """, event.id, event.version, event.ownerID, event.status.rawValue, event.eventDate)
    }
}
