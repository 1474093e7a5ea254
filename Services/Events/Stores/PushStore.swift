import Contracts
import DatabaseKit
import ServiceKit

/// What inventory has yet to be told: every event whose `stock_version` is behind its `version`.
struct PushStore: Sendable {
    let database: any Database

    /// An event to be pushed to inventory as it is now.
    struct Pending: Sendable {
        let event: Event
        let plan: SeatPlan
        /// The creation was refused: once inventory knows that nothing is for sale, the event goes.
        let isWithdrawn: Bool
        /// How often pushing it in the background has failed.
        let attempts: Int
    }

    /// What must be pushed of one event; nil when inventory has it already or the event is gone.
    func pending(_ eventID: String) async throws -> Pending? {
        try await database.read { session in try Self.pending(eventID, session) }
    }

    /// Takes up to `limit` events that are due, so that nobody else takes them before `leaseUntil`.
    func claim(at now: Timestamp, leaseUntil: Timestamp, limit: Int) async throws -> [Pending] {
        try await database.write { session in
            let due = try session.query(
                """
                SELECT id, push_due_at FROM events WHERE push_due_at IS NOT NULL AND push_due_at <= $1
                ORDER BY push_due_at LIMIT $2
                """,
                now, limit)
            return try due.compactMap { row in
                let id = try row.string(0)
                let claimed = try session.execute(
                    "UPDATE events SET push_due_at = $3 WHERE id = $1 AND push_due_at = $2",
                    id, try row.int64(1), leaseUntil)
                return claimed == 1 ? try Self.pending(id, session) : nil
            }
        }
    }

    /// Stores a changed event unless it is no longer at version `from`; whether it was.
    ///
    /// Followers are told once inventory has the change: ``recordPushed(_:version:)``.
    func recordChange(_ event: Event, from version: Int64, pushDueAt: Timestamp) async throws -> Bool {
        try await database.write { session in
            try session.execute(
                """
                UPDATE events SET status = $3, version = $4, updated_at = $5, push_due_at = $6, push_attempts = 0
                WHERE id = $1 AND version = $2 AND state = 'live'
                """,
                event.id, version, event.storedStatus.rawValue, event.version, event.updatedAt, pushDueAt) == 1
        }
    }

    /// Inventory has `version` of the event: from now on everyone may see it, and followers are told.
    ///
    /// A version that was changed meanwhile is announced when inventory has that one.
    func recordPushed(_ eventID: String, version: Int64) async throws {
        try await database.write { session in
            let moved = try session.execute(
                """
                UPDATE events SET stock_version = $2
                WHERE id = $1 AND state <> 'withdrawn' AND stock_version < $2 AND version >= $2
                """,
                eventID, version)
            guard moved == 1 else { return }
            let current = try session.query("SELECT version FROM events WHERE id = $1", eventID).first?.int64(0)
            guard current == version else { return }
            let sequence = try session.query(
                "UPDATE change_counter SET latest = latest + 1 WHERE id = 1 RETURNING latest")
            try session.execute(
                """
                UPDATE events SET state = 'live', sequence = $2, push_due_at = NULL, push_attempts = 0 WHERE id = $1
                """,
                eventID, try sequence.first?.int64(0))
        }
    }

    /// Pushing failed; it is tried again at `dueAt`.
    func recordFailure(_ eventID: String, version: Int64, dueAt: Timestamp) async throws {
        try await database.write { session in
            _ = try session.execute(
                """
                UPDATE events SET push_due_at = $3, push_attempts = push_attempts + 1
                WHERE id = $1 AND version = $2 AND push_due_at IS NOT NULL
                """,
                eventID, version, dueAt)
        }
    }

    /// Gives up an event that is being made; false when it had become visible before.
    ///
    /// Inventory may have its stock already, so it is told the opposite (by the background) before the event goes.
    func withdraw(_ eventID: String, at now: Timestamp) async throws -> Bool {
        try await database.write { session in
            try session.execute(
                """
                UPDATE events SET state = 'withdrawn', status = 'Cancelled', is_deleted = 1, version = version + 1,
                    creation_key = NULL, push_due_at = $2
                WHERE id = $1 AND state = 'making'
                """,
                eventID, now) == 1
        }
    }

    /// Removes a withdrawn event without a trace.
    func deleteWithdrawn(_ eventID: String) async throws {
        try await database.write { session in
            guard try session.query("SELECT 1 FROM events WHERE id = $1 AND state = 'withdrawn'", eventID).first != nil
            else { return }
            try EventRows.delete(eventID, session)
        }
    }

    private static func pending(_ eventID: String, _ session: any SQLSession) throws -> Pending? {
        guard
            let row = try session.query(
                "SELECT state, push_attempts FROM events WHERE id = $1 AND stock_version < version", eventID
            ).first, let event = try EventRows.events([eventID], session).first
        else { return nil }
        return Pending(
            event: event, plan: try EventRows.plan(of: eventID, session),
            isWithdrawn: try row.string("state") == "withdrawn", attempts: try row.int("push_attempts"))
    }
}
