import Contracts
import ServiceKit

/// Puts a draft on sale: inventory sells by the new rules before the organizer is answered.
struct PublishEvent: Sendable {
    let events: EventStore
    let pushes: PushStore
    let pushRules: PushRules
    let reader: StockReader
    let clock: any WallClock
    /// When the background takes over a push that the request began.
    let takeoverDelay: Duration

    /// How often a change by somebody else in the same moment is tolerated.
    private static let attemptsMax = 5

    /// Whether `identity` may change the event; asked before the request's key is looked at.
    func authorize(_ id: String, for identity: Identity) async throws {
        let event = try await find(id)
        guard !event.mayBeChanged(by: identity) else { return }
        throw event.storedStatus == .draft ? EventsError.unknownEvent : EventsError.notTheOwner
    }

    /// The event, on sale; one that is on sale already is answered as it is.
    ///
    /// - Throws: ``EventsError/notPublishable(_:)`` for one that was cancelled, deleted or is over;
    ///   ``EventsError/inventoryUnavailable`` when inventory does not know of the change yet: the background goes on
    ///   telling it
    func callAsFunction(_ id: String, in context: CallContext) async throws -> EventDocument {
        for _ in 0..<Self.attemptsMax {
            var event = try await find(id)
            let now = clock.now()
            if try needsChange(event, at: now) {
                let version = event.version
                event.storedStatus = .active
                event.version += 1
                event.updatedAt = now
                guard try await pushes.recordChange(event, from: version, pushDueAt: now + takeoverDelay) else {
                    continue
                }
            }
            return try await tell(event, in: context)
        }
        throw EventsError.changedMeanwhile
    }

    private func needsChange(_ event: Event, at now: Timestamp) throws(EventsError) -> Bool {
        guard !event.isDeleted else { throw .notPublishable("deleted") }
        guard now < event.details.endsAt else { throw .notPublishable("over") }
        switch event.storedStatus {
        case .draft: return true
        case .active: return false
        case .cancelled, .ended: throw .notPublishable("cancelled")
        }
    }

    private func tell(_ event: Event, in context: CallContext) async throws -> EventDocument {
        do {
            try await pushRules(event.id, in: context)
        } catch is ServiceCallError {
            throw EventsError.inventoryUnavailable
        }
        let stock = try await reader.stock(of: [event], in: context)
        return event.document(stock: stock[event.id], at: clock.now())
    }

    private func find(_ id: String) async throws -> Event {
        guard UUIDv7.isWellFormed(id), let event = try await events.event(id.lowercased()) else {
            throw EventsError.unknownEvent
        }
        return event
    }
}
