import Checker
import Contracts
import LoadKit

/// What of a catalogue is there already.
struct CatalogueShelf: Sendable {
    /// By what an event is known again: everything of it that does not depend on the day.
    private struct Mark: Hashable {
        let organizer: Int
        let title: String
        let artist: String?
        let venue: String
        let city: String?
        let description: String?
    }

    private static let pageSize = 100

    /// How many of each there are; of two that look alike in the catalogue, the first ones count as there.
    private var counts: [Mark: Int] = [:]

    /// Puts an organizer's events onto the shelf, page by page.
    mutating func add(
        eventsOf ownerID: String, organizer: Int, _ client: APIClient, _ persistence: Persistence
    ) async throws {
        var page = 1
        while true {
            var retries = 0
            let route = "/api/events?ownerId=\(ownerID)&pageSize=\(Self.pageSize)&page=\(page)"
            let reply = try await persistence.send(retries: &retries) { try await client.send("GET", route) }
            guard let reply else { throw Organizers.NoAnswer(what: "listing what is there") }
            let events = try reply.value([EventDocument].self)
            for event in events {
                let mark = Mark(
                    organizer: organizer, title: event.title, artist: event.artist, venue: event.venue,
                    city: event.city, description: event.description)
                counts[mark, default: 0] += 1
            }
            guard events.count == Self.pageSize, !persistence.isStopped() else { return }
            page += 1
        }
    }

    /// Whether the event with this number is there; asked once for each number, in their order.
    mutating func take(_ event: CatalogueEvent, number: Int) -> Bool {
        let mark = Mark(
            organizer: SeedPlan.organizer(of: number), title: event.title, artist: event.artist, venue: event.venue,
            city: event.city, description: event.description)
        guard let count = counts[mark], count > 0 else { return false }
        counts[mark] = count - 1
        return true
    }
}
