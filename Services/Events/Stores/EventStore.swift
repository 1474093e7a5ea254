import Contracts
import DatabaseKit
import ServiceKit

/// The events that everyone may see, and the first step of making one.
struct EventStore: Sendable {
    let database: any Database

    /// How long a creation key finds the event that was made with it.
    static let creationKeyLife = Duration.seconds(24 * 3600)

    /// What became of storing a new event.
    enum Insertion: Sendable, Hashable {
        case made
        /// An earlier attempt with the same creation key got as far as this event.
        case madeBefore(Event)
    }

    /// Stores a new event that nobody sees yet.
    ///
    /// `creationKey` names the intent of the caller: a process that died after storing the event is continued by the
    /// caller's repeated request instead of making a second one. `pushDueAt` is when the background may take over.
    func insert(
        _ event: Event, _ plan: SeatPlan, creationKey: String?, pushDueAt: Timestamp
    ) async throws -> Insertion {
        try await database.write { session in
            if let creationKey, let earlier = try Self.event(madeWith: creationKey, at: event.createdAt, session) {
                return .madeBefore(earlier)
            }
            try EventRows.insert(event, plan, creationKey: creationKey, pushDueAt: pushDueAt, session)
            return .made
        }
    }

    func event(_ id: String) async throws -> Event? {
        try await events([id]).first
    }

    /// Events by id in the order of `ids`, which has at most 100; those that nobody may see are left out.
    func events(_ ids: [String]) async throws -> [Event] {
        guard !ids.isEmpty else { return [] }
        return try await database.read { session in
            let list = SQLIDList(ids)
            let live = try session.query(
                "SELECT id FROM events WHERE state = 'live' AND id IN (\(list.placeholders))", list.parameters)
            let seen = Set(try live.map { row in try row.string(0) })
            return try EventRows.events(ids.filter(seen.contains), session)
        }
    }

    /// A page of events by date, and how many there are in all.
    func list(_ filter: EventFilter, _ page: PageRequest, at now: Timestamp) async throws -> ([Event], total: Int) {
        let (condition, parameters) = Self.condition(filter, at: now)
        return try await database.read { session in
            let total = try session.query("SELECT COUNT(*) FROM events WHERE \(condition)", parameters).first?.int(0)
            let next = parameters.count + 1
            let ids = try session.query(
                """
                SELECT id FROM events WHERE \(condition) ORDER BY event_date, id LIMIT $\(next) OFFSET $\(next + 1)
                """,
                parameters + [page.pageSize, page.offset])
            return (try EventRows.events(ids.map { row in try row.string(0) }, session), total ?? 0)
        }
    }

    /// Changes after `sequence`, oldest first, and the newest sequence there is.
    func changes(
        after sequence: Int64, limit: Int
    ) async throws -> (changes: [(sequence: Int64, event: Event)], latest: Int64) {
        try await database.read { session in
            let marks = try Self.marks(after: sequence, limit: limit, session)
            var events: [String: Event] = [:]
            for event in try EventRows.events(marks.map(\.eventID), session) { events[event.id] = event }
            let changes = try marks.compactMap { mark in
                try (events[mark.eventID] ?? Self.removed(mark.eventID, session)).map { (mark.sequence, $0) }
            }
            let latest = try session.query("SELECT latest FROM change_counter WHERE id = 1").first?.int64(0)
            return (changes.map { (sequence: $0, event: $1) }, latest ?? 0)
        }
    }

    private static func removed(_ id: String, _ session: any SQLSession) throws -> Event? {
        try session.first("SELECT last_state FROM removed_events WHERE event_id = $1", id)
            .map { row in try JSONText.decode(row.string(0)) }
    }

    /// Which events changed after `sequence`, oldest change first; of each its latest change.
    func marks(after sequence: Int64, limit: Int) async throws -> [EventChangeMark] {
        try await database.read { session in try Self.marks(after: sequence, limit: limit, session) }
    }

    /// The same in a caller's transaction.
    static func marks(
        after sequence: Int64, limit: Int, _ session: any SQLSession
    ) throws -> [EventChangeMark] {
        let statements = [
            "SELECT id, version, sequence FROM events WHERE sequence IS NOT NULL AND sequence > $1",
            "SELECT event_id AS id, version, sequence FROM removed_events WHERE sequence > $1",
        ]
        let marks = try statements.flatMap { statement in
            try session.query("\(statement) ORDER BY sequence LIMIT $2", sequence, limit).map { row in
                EventChangeMark(
                    eventID: try row.string("id"), version: try row.int64("version"),
                    sequence: try row.int64("sequence"))
            }
        }
        return Array(marks.sorted { $0.sequence < $1.sequence }.prefix(limit))
    }

    private static func event(
        madeWith key: String, at now: Timestamp, _ session: any SQLSession
    ) throws -> Event? {
        try session.execute(
            "UPDATE events SET creation_key = NULL WHERE creation_key = $1 AND created_at < $2",
            key, now - creationKeyLife)
        guard let row = try session.query("SELECT id FROM events WHERE creation_key = $1", key).first else {
            return nil
        }
        return try EventRows.events([row.string(0)], session).first
    }

    private static func condition(
        _ filter: EventFilter, at now: Timestamp
    ) -> (String, [any SQLValueConvertible]) {
        var conditions = ["state = 'live'"]
        var parameters: [any SQLValueConvertible] = []
        func require(_ comparison: String, _ value: any SQLValueConvertible) {
            parameters.append(value)
            conditions.append("\(comparison) $\(parameters.count)")
        }
        if !filter.includesInactive {
            conditions += ["is_deleted = 0", "status = 'Active'", "ended_at IS NULL"]
            // As a sum, for the index of events that are about to end would be taken and each of them looked into.
            require("ends_at + 0 >", now)
        }
        if filter.upcomingOnly { require("event_date >", now) }
        if let city = filter.city { require("city_key =", EventRows.filterKey(city)) }
        if let category = filter.category { require("category_key =", EventRows.filterKey(category)) }
        if let ownerID = filter.ownerID { require("owner_id =", ownerID) }
        return (conditions.joined(separator: " AND "), parameters)
    }
}
