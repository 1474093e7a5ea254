import Contracts
import ServiceKit

/// Decides who may change an event; asked before the request's body and key are looked at.
struct EventAccess: Sendable {
    let events: EventStore

    /// The event that `identity` may change.
    ///
    /// - Throws: ``EventsError/notTheOwner``, or ``EventsError/unknownEvent`` where they may not even know of it.
    @discardableResult
    func authorize(_ id: String, for identity: Identity) async throws -> Event {
        guard UUIDv7.isWellFormed(id), let event = try await events.event(id.lowercased()) else {
            throw EventsError.unknownEvent
        }
        guard !event.mayBeChanged(by: identity) else { return event }
        throw event.storedStatus == .draft ? EventsError.unknownEvent : EventsError.notTheOwner
    }
}
