import Contracts
import DatabaseKit

/// Reads what streams tell of events.
struct AvailabilityStore: Sendable {
    private static let eventsPerStatement = 500

    let database: any Database

    /// An event's stock as it is at `now`; nil for an unknown event.
    func state(of eventID: String, at now: Timestamp) async throws -> AvailabilityState? {
        try await database.read { session in
            guard let event = try SaleEventTable.find(eventID, in: session) else { return nil }
            let ended = try SaleEventTable.stalePlaces(of: [eventID], at: now, in: session)[eventID] ?? [:]
            return AvailabilityState(event, ended: ended, at: now)
        }
    }

    /// The versions of events' stocks; unknown events are left out.
    func versions(of eventIDs: [String]) async throws -> [String: Int64] {
        var versions: [String: Int64] = [:]
        for start in stride(from: 0, to: eventIDs.count, by: Self.eventsPerStatement) {
            let batch = Array(eventIDs[start..<min(start + Self.eventsPerStatement, eventIDs.count)])
            let found = try await database.read { try SaleEventTable.stockVersions(of: batch, in: $0) }
            versions.merge(found) { first, _ in first }
        }
        return versions
    }
}
