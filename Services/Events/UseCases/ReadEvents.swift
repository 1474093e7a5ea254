import Contracts
import ServiceKit

/// What people and services may know of events, with what is left to buy.
struct ReadEvents: Sendable {
    let store: EventStore
    let reader: StockReader
    let clock: any WallClock

    /// How large a page of the change feed may become, unless a single event is larger: a quarter of the largest reply
    /// that followers take.
    static let changesBytesMax = 4 * 1024 * 1024

    /// A page of the list, by date.
    ///
    /// - Throws: ``EventsError/inactiveEventsNeedAdmin`` when others than admins ask for what is not for sale.
    func list(
        _ filter: EventFilter, _ page: PageRequest, for identity: Identity?
    ) async throws -> (events: [EventDocument], total: Int) {
        guard !filter.includesInactive || identity?.isAdmin == true else { throw EventsError.inactiveEventsNeedAdmin }
        let now = clock.now()
        let (events, total) = try await store.list(filter, page, at: now)
        return (try await reader.documents(of: events, at: now), total)
    }

    func event(_ id: String, for identity: Identity?) async throws -> EventDocument {
        let event = try await visibleEvent(id, for: identity)
        return try await reader.document(of: event, at: clock.now())
    }

    func availability(_ id: String, for identity: Identity?) async throws -> AvailabilityDocument {
        let event = try await visibleEvent(id, for: identity)
        let stock = try await reader.stock(of: [event])
        return event.availability(stock: stock[event.id], at: clock.now())
    }

    /// Events for another service, in the order of `ids`; unknown ones are left out.
    func events(_ ids: [String]) async throws -> [EventDocument] {
        let events = try await store.events(ids)
        return try await reader.documents(of: events, at: clock.now())
    }

    /// The change feed after `sequence`; it asks nobody, so followers go on while inventory is away.
    ///
    /// Up to `limit` changes, and no more than a reply can carry: organizers decide how large an event is, and a page
    /// that nobody can read would stop every follower.
    func changes(after sequence: Int64, limit: Int) async throws -> EventChanges {
        let now = clock.now()
        let (changes, latest) = try await store.changes(after: sequence, limit: limit)
        return EventChanges(
            changes: changes.prefix(Self.fitting(changes.map(\.event))).map { change in
                EventChanges.Change(
                    sequence: change.sequence,
                    event: change.event.document(stock: change.event.untouchedStock, at: now))
            },
            latest: latest)
    }

    /// How many of `events` a page of the feed has room for, but at least one.
    private static func fitting(_ events: [Event]) -> Int {
        var bytes = 0
        let first = events.firstIndex { event in
            bytes += event.documentBytes
            return bytes > changesBytesMax
        }
        return max(1, first ?? events.count)
    }

    /// A draft is its organizer's own business until it is published.
    private func visibleEvent(_ id: String, for identity: Identity?) async throws -> Event {
        guard UUIDv7.isWellFormed(id), let event = try await store.event(id.lowercased()) else {
            throw EventsError.unknownEvent
        }
        if event.storedStatus == .draft {
            guard let identity, event.mayBeChanged(by: identity) else {
                throw EventsError.unknownEvent
            }
        }
        return event
    }
}
