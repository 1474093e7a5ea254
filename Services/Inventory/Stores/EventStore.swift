import Contracts
import DatabaseKit

/// Keeps inventory's copy of events: rules of sale, ticket types with their counters, seats.
struct EventStore: Sendable {
    /// A seat that is to be made.
    struct NewSeat: Sendable {
        let ticketTypeID: String
        let place: SeatPlan.Place
    }

    let database: any Database

    func find(_ eventID: String) async throws -> SaleEvent? {
        try await database.read { session in try SaleEventTable.find(eventID, in: session) }
    }

    /// The counters of events as a buyer may see them at `now`.
    func stock(of eventIDs: [String], at now: Timestamp) async throws -> [EventStock] {
        try await database.read { session in try SaleEventTable.stock(of: eventIDs, at: now, in: session) }
    }

    /// The counters of those events that changed since the version known of each; 0 knows nothing.
    func report(since known: [String: Int64], at now: Timestamp) async throws -> StockReport {
        try await database.read { session in try SaleEventTable.report(since: known, at: now, in: session) }
    }

    /// A page of an event's seats with the event, read from one snapshot; nil for an unknown event.
    func seats(_ query: SeatQuery, at now: Timestamp) async throws -> (event: SaleEvent, seats: [Seat])? {
        try await database.read { session in
            guard let event = try SaleEventTable.find(query.eventID, in: session) else { return nil }
            return (event, try SeatTable.page(query, at: now, in: session))
        }
    }

    /// Makes some seats of an event the blocked ones; the version of the stock with it.
    ///
    /// - Throws: ``ReservationRefusal``
    func block(_ seats: BlockedSeatsTransaction) async throws -> Int64 {
        // What is held is found out after ended holds were freed.
        try await database.write(.refusable) { session in try seats.run(in: session) }
    }

    /// The next epoch of an event's fencing tokens; nil for an unknown event.
    func raiseFenceEpoch(_ eventID: String) async throws -> Int64? {
        try await database.write { session in try SaleEventTable.raiseFenceEpoch(eventID, in: session) }
    }
}
