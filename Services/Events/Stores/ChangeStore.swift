import Contracts
import DatabaseKit
import ServiceKit

/// The first step of changing an event, and what became of earlier attempts.
struct ChangeStore: Sendable {
    let database: any Database

    /// How long a finished intent is remembered: as long as a repeat may come, and less than its key is kept.
    static let intentLife = Duration.seconds(12 * 3600)

    /// What a change begins with.
    struct Outset: Sendable {
        /// The event and its seats; nil when nobody may see it, or when it is gone.
        let event: Event?
        let plan: SeatPlan
        /// An earlier change that is not finished; it comes first.
        let pending: PushStore.Pending?
        /// How many tickets the same intent made when it was carried out before; nil when it was not.
        let finished: Int?
    }

    func outset(_ eventID: String, intent: String?, at now: Timestamp) async throws -> Outset {
        try await database.read { session in
            let finished = try intent.flatMap { intent in
                try session.first(
                    "SELECT created FROM finished_intents WHERE intent = $1 AND event_id = $2 AND finished_at > $3",
                    intent, eventID, now - Self.intentLife
                )?.int(0)
            }
            let isLive = try session.first("SELECT 1 FROM events WHERE id = $1 AND state = 'live'", eventID) != nil
            guard isLive, let event = try EventRows.events([eventID], session).first else {
                return Outset(event: nil, plan: [:], pending: nil, finished: finished)
            }
            return Outset(
                event: event, plan: try EventRows.plan(of: eventID, session),
                pending: try PushStore.pending(eventID, session), finished: finished)
        }
    }

    /// Stores a change that inventory has yet to agree to; nil when the event was changed since, or is being changed.
    ///
    /// What inventory is told under rises with the clock as well, so that a database which was restored from a copy does
    /// not give a number again that inventory has decided about.
    func stage(
        _ change: StagedChange, from version: Int64, at now: Timestamp, pushDueAt: Timestamp
    ) async throws -> PushStore.Pending? {
        let text = try JSONText.encode(change)
        return try await database.write { session in
            let staged = try session.execute(
                """
                UPDATE events SET staged = $3, push_due_at = $4, push_attempts = 0,
                    rules_version = CASE WHEN rules_version < $5 THEN $5 ELSE rules_version + 1 END
                WHERE id = $1 AND version = $2 AND state = 'live' AND push_due_at IS NULL
                """,
                change.event.id, version, text, pushDueAt, now)
            return staged == 1 ? try PushStore.pending(change.event.id, session) : nil
        }
    }

    /// Notes and announces the end of events that are over at `now`; how many, at most `limit`.
    ///
    /// One that is being changed is left for later: the change may move its end.
    func recordEnds(at now: Timestamp, limit: Int) async throws -> Int {
        try await database.write { session in
            let over = try session.query(
                """
                UPDATE events SET ended_at = $1, updated_at = $1, version = version + 1
                WHERE id IN (
                    SELECT id FROM events WHERE state = 'live' AND status = 'Active' AND ended_at IS NULL
                        AND ends_at <= $1 AND push_due_at IS NULL
                    ORDER BY ends_at LIMIT $2)
                RETURNING id
                """, now, limit)
            for row in over { try PushStore.announce(row.string(0), session) }
            return over.count
        }
    }

    /// Forgets intents that nobody can repeat any more.
    func forgetIntents(at now: Timestamp) async throws {
        try await database.write { session in
            _ = try session.execute(
                "DELETE FROM finished_intents WHERE finished_at <= $1", now - Self.intentLife)
        }
    }
}
