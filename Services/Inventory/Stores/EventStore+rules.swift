import Contracts
import DatabaseKit

/// What events tells inventory, each decision in one transaction.
extension EventStore {
    /// What was decided about `version` of an event's rules; nil when it is newer than all that was decided about.
    func decision(on version: Int64, of eventID: String) async throws -> RulesDecision? {
        try await database.read { session in try SaleEventTable.decision(on: version, of: eventID, in: session) }
    }

    /// The sections whose seats the event has; nil for an unknown event.
    func sections(of eventID: String) async throws -> Set<EventRules.Section>? {
        try await database.read { session in
            guard try SaleEventTable.isKnown(eventID, in: session) else { return nil }
            return try SectionTable.sections(of: eventID, in: session)
        }
    }

    /// Makes seats that are not there yet. Of an event that is on sale already they are blocked until
    /// ``decide(_:at:)`` has taken over the sections they belong to.
    func insert(_ seats: [NewSeat], of eventID: String, as status: SeatStatus) async throws {
        try await database.write { session in
            try SeatTable.insert(seats, of: eventID, as: status, in: session)
        }
    }

    /// Takes away what an interrupted attempt to add seats left behind.
    func deleteAbandonedSeats(of eventID: String) async throws {
        try await database.write { session in try SectionTable.deleteAbandonedSeats(of: eventID, in: session) }
    }

    /// Decides about rules, once for each version, and takes them over where nothing stands against it.
    func decide(_ rules: EventRules, at now: Timestamp) async throws -> RulesDecision {
        let transaction = EventRulesTransaction(rules: rules, now: now)
        return try await database.write { session in try transaction.run(in: session) }
    }

    /// Ends the sale of an event: it goes when nothing of it is held at `now` or sold, else it stays closed.
    func remove(_ eventID: String, version: Int64, at now: Timestamp) async throws -> RulesDecision {
        try await database.write { session in
            if let settled = try SaleEventTable.decision(on: version, of: eventID, in: session) { return settled }
            try StockMovement.expireAll(of: eventID, at: now, in: session)
            let isInUse = try SaleEventTable.isInUse(eventID, in: session)
            let decision = RulesDecision(isInUse ? .closed : .removed)
            try SaleEventTable.close(eventID, version: version, decision, in: session)
            if !isInUse { try SaleEventTable.forgetTypes(of: eventID, in: session) }
            return decision
        }
    }

    /// Deletes up to `limit` seats of an event that was removed; how many there were.
    func deleteSeats(ofRemoved eventID: String, limit: Int) async throws -> Int {
        try await database.write { session in try SectionTable.deleteSeats(of: eventID, limit: limit, in: session) }
    }

    /// From now on a cancelled event cannot be put on sale again: its buyers get their money back.
    ///
    /// Whether it may begin: false when the event is not cancelled.
    func beginRefunds(of eventID: String) async throws -> Bool {
        try await database.write { session in try SaleEventTable.beginRefunds(of: eventID, in: session) }
    }
}
