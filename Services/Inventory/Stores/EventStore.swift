import Contracts
import DatabaseKit

/// Keeps inventory's copy of events: rules of sale, ticket types with their counters, seats.
struct EventStore: Sendable {
    /// A seat that is to be made.
    struct NewSeat: Sendable {
        let ordinal: Int64
        let ticketTypeID: String
        let place: SeatPlan.Place
    }

    private let database: any Database

    init(database: any Database) {
        self.database = database
    }

    func find(_ eventID: String) async throws -> SaleEvent? {
        try await database.read { session in try SaleEventTable.find(eventID, in: session) }
    }

    /// The counters of events as a buyer may see them at `now`.
    func stock(of eventIDs: [String], at now: Timestamp) async throws -> [EventStock] {
        try await database.read { session in try SaleEventTable.stock(of: eventIDs, at: now, in: session) }
    }

    /// A page of an event's seats with the event, read from one snapshot; nil for an unknown event.
    func seats(_ query: SeatQuery, at now: Timestamp) async throws -> (event: SaleEvent, seats: [Seat])? {
        try await database.read { session in
            guard let event = try SaleEventTable.find(query.eventID, in: session) else { return nil }
            return (event, try SeatTable.page(query, at: now, in: session))
        }
    }

    /// Stores seats that are not there yet; nobody can buy them before ``put(_:)`` names their event.
    func insert(_ seats: [NewSeat], of eventID: String) async throws {
        try await database.write { session in try SeatTable.insert(seats, of: eventID, in: session) }
    }

    /// Takes over rules that are newer than the stored ones; whether they were.
    ///
    /// - Throws: ``DatabaseError`` with the constraint `never_oversold` when a capacity is below what is reserved and
    ///   sold.
    func put(_ rules: EventRules) async throws -> Bool {
        try await database.write { session in
            guard try SaleEventTable.upsert(rules, in: session) else { return false }
            for (position, type) in rules.ticketTypes.enumerated() {
                try SaleEventTable.upsert(type, at: position, of: rules.eventId, in: session)
            }
            try SaleEventTable.touch(rules.eventId, in: session)
            return true
        }
    }

    /// The next epoch of an event's fencing tokens; nil for an unknown event.
    func raiseFenceEpoch(_ eventID: String) async throws -> Int64? {
        try await database.write { session in try SaleEventTable.raiseFenceEpoch(eventID, in: session) }
    }
}
