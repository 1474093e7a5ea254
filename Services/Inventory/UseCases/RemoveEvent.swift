import Contracts
import ServiceKit

/// Ends the sale of an event and takes it away where nothing of it is held or sold.
///
/// The decision is one transaction; the seats go afterwards in small ones. A process that dies in between is asked
/// again and goes on.
struct RemoveEvent: Sendable {
    let events: EventStore
    let clock: any WallClock

    private static let seatsPerTransaction = 2000

    func execute(_ eventID: String, version: Int64) async throws -> RulesDecision {
        let decision = try await events.remove(eventID, version: version, at: clock.now())
        try await FaultPoint.reach("inventory.event.removed")
        guard decision.outcome == .removed else { return decision }
        while try await events.deleteSeats(ofRemoved: eventID, limit: Self.seatsPerTransaction) > 0 {}
        return decision
    }
}
