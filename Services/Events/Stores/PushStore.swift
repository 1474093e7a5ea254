import Contracts
import DatabaseKit
import ServiceKit

/// What inventory has yet to be told and to decide about: events in the making, withdrawn ones, staged changes.
///
/// An event has at most one of these at a time, due at `push_due_at`; whatever is told has a `rules_version` of its own,
/// so that what was decided about one attempt is never taken for the decision about another.
struct PushStore: Sendable {
    let database: any Database

    /// How far versions count on where inventory has decided about a later one: a minute, as they rise with the clock.
    private static let stepAfterSuperseded: Int64 = 60_000

    /// What is to be told of an event.
    struct Pending: Sendable {
        enum Matter: Sendable, Hashable {
            /// The event is being made.
            case creation
            /// The creation was refused: once inventory knows that nothing is for sale, the event goes.
            case withdrawal
            case change(StagedChange)
        }

        /// The event as everyone sees it, or as it is to be made.
        let event: Event
        let plan: SeatPlan
        let matter: Matter
        let rulesVersion: Int64
        /// How often telling it in the background has failed.
        let attempts: Int
    }

    /// What must be told of one event; nil when inventory has it already or the event is gone.
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

    /// Stores what inventory decided about `pending`; nothing happens when that was done before.
    func record(_ decision: RulesDecision, on pending: Pending, at now: Timestamp) async throws {
        try await database.write { session in
            let settled = try session.execute(
                """
                UPDATE events SET push_due_at = NULL, push_attempts = 0, staged = NULL
                WHERE id = $1 AND rules_version = $2 AND push_due_at IS NOT NULL
                """,
                pending.event.id, pending.rulesVersion)
            guard settled == 1 else { return }
            guard decision.outcome != .superseded else {
                // Inventory has heard of later ones, as after a clock was set back: count on until it listens.
                return try Self.tellAgain(pending, at: now, session)
            }
            switch pending.matter {
            case .creation:
                try Self.announce(pending.event.id, session)
                try session.execute("UPDATE events SET state = 'live' WHERE id = $1", pending.event.id)
            case .withdrawal:
                try EventRows.delete(pending.event.id, session)
            case .change(let change):
                try Self.finish(change, of: pending.event, decision, at: now, session)
            }
        }
    }

    /// Telling it failed; it is tried again at `dueAt`.
    func recordFailure(_ pending: Pending, dueAt: Timestamp) async throws {
        try await database.write { session in
            _ = try session.execute(
                """
                UPDATE events SET push_due_at = $3, push_attempts = push_attempts + 1
                WHERE id = $1 AND rules_version = $2 AND push_due_at IS NOT NULL
                """,
                pending.event.id, pending.rulesVersion, dueAt)
        }
    }

    /// Gives up an event that is being made; false when it had become visible before.
    ///
    /// Inventory may have its stock already, so it is told the opposite (by the background) before the event goes.
    func withdraw(_ eventID: String, at now: Timestamp) async throws -> Bool {
        try await database.write { session in
            try session.execute(
                """
                UPDATE events SET state = 'withdrawn', status = 'Cancelled', is_deleted = 1,
                    rules_version = rules_version + 1, creation_key = NULL, push_due_at = $2
                WHERE id = $1 AND state = 'making'
                """,
                eventID, now) == 1
        }
    }

    static func pending(_ eventID: String, _ session: any SQLSession) throws -> Pending? {
        guard
            let row = try session.first(
                """
                SELECT state, staged, rules_version, push_attempts FROM events
                WHERE id = $1 AND push_due_at IS NOT NULL
                """, eventID),
            let event = try EventRows.events([eventID], session).first
        else { return nil }
        let plan = try EventRows.plan(of: eventID, session)
        let matter: Pending.Matter =
            switch try row.string("state") {
            case "making": .creation
            case "withdrawn": .withdrawal
            default:
                .change(
                    try row.optionalString("staged").map(JSONText.decode)
                        ?? StagedChange(kind: .replace, event: event, plan: plan))
            }
        return Pending(
            event: event, plan: plan, matter: matter, rulesVersion: try row.int64("rules_version"),
            attempts: try row.int("push_attempts"))
    }

    /// Gives an event the next place in the change feed, in the transaction that changes it.
    ///
    /// Whoever takes the next number holds the counter's row until the commit, so that numbers become visible in order.
    static func announce(_ eventID: String, _ session: any SQLSession) throws {
        try session.execute(
            "UPDATE events SET sequence = $2 WHERE id = $1", eventID, try nextSequence(session))
    }

    static func nextSequence(_ session: any SQLSession) throws -> Int64? {
        try session.first("UPDATE change_counter SET latest = latest + 1 WHERE id = 1 RETURNING latest")?.int64(0)
    }

    private static func finish(
        _ change: StagedChange, of event: Event, _ decision: RulesDecision, at now: Timestamp,
        _ session: any SQLSession
    ) throws {
        switch decision.outcome {
        case .closed where event.isDeleted:
            break
        case .applied, .closed:
            try EventRows.replace(change.event, change.plan, session)
            try announce(event.id, session)
        case .removed:
            try EventRows.delete(event.id, session)
            try session.execute(
                "INSERT INTO removed_events (event_id, last_state, version, sequence) VALUES ($1, $2, $3, $4)",
                event.id, try JSONText.encode(change.event), change.event.version, try nextSequence(session))
        case .capacityBelowSold, .seatsTaken, .refundsBegan, .superseded:
            return
        }
        guard let intent = change.intent else { return }
        try session.execute(
            """
            INSERT INTO finished_intents (intent, event_id, created, finished_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (intent) DO UPDATE SET event_id = excluded.event_id, created = excluded.created,
                finished_at = excluded.finished_at
            """, intent, event.id, change.created, now)
    }

    private static func tellAgain(_ pending: Pending, at now: Timestamp, _ session: any SQLSession) throws {
        var staged: String?
        if case .change(let change) = pending.matter { staged = try JSONText.encode(change) }
        try session.execute(
            """
            UPDATE events SET rules_version = rules_version + $4, push_due_at = $2, staged = $3 WHERE id = $1
            """, pending.event.id, now, staged, stepAfterSuperseded)
    }
}
