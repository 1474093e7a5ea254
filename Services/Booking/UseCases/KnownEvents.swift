import Contracts
import ServiceKit

/// What booking knows of an event: its own copy, or what the events service says where there is none yet.
struct KnownEvents: Sendable {
    let store: EventCopyStore
    let feed: any EventFeed

    /// The event called `id`; nil when there is none.
    ///
    /// - Throws: ``Problem`` 503 when it is not known and cannot be asked for
    func event(_ id: String, _ call: CallContext) async throws -> EventCopy? {
        guard UUIDv7.isWellFormed(id) else { return nil }
        if let known = try await store.event(id) { return known }
        let told: [EventDocument]
        do {
            told = try await feed.events(withIDs: [id], in: call)
        } catch {
            throw Problem.notAnswered("the event cannot be looked up now; nothing was changed")
        }
        guard let event = told.first(where: { $0.id == id }).map(EventCopy.init) else { return nil }
        try await store.remember([event])
        return event
    }

    /// The event called `id` for whoever organizes it.
    ///
    /// - Throws: ``Problem`` 404 for an unknown one, 403 for somebody else's
    func event(_ id: String, organizedBy identity: Identity, _ call: CallContext) async throws -> EventCopy {
        guard let event = try await event(id, call) else { throw Problem.notFound("event") }
        guard event.mayBeSeenThrough(by: identity) else {
            // A draft is nobody's business but its organizer's.
            throw event.status == .draft ? Problem.notFound("event") : .forbidden("this is for the event's organizer")
        }
        return event
    }
}
