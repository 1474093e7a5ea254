import Contracts
import Logging
import ServiceKit

/// Makes an event and its stock: stored where nobody sees it, pushed to inventory, then shown.
///
/// A process that dies on the way leaves an event that ``PushPendingRules`` finishes; a refusal leaves one that it
/// removes. Nothing half-made is ever visible.
struct CreateEvent: Sendable {
    let events: EventStore
    let pushes: PushStore
    let pushRules: PushRules
    let clock: any WallClock
    let logger: Logger
    /// When the background takes over what a request has begun; longer than any request may take.
    let takeoverDelay: Duration

    /// Whether `identity` may organize at all; asked before the request's body is looked at.
    func authorize(_ identity: Identity) throws(EventsError) {
        guard identity.role != .guest else { throw .guestsMayNotOrganize }
    }

    /// Whether the event may be made as asked for; asked before the request's key is looked at.
    func check(_ form: EventForm) throws(InvalidEvent) -> EventDraft {
        try EventRulebook(now: clock.now()).draft(from: form)
    }

    /// The new event, ready for sale.
    ///
    /// `intent` names what the caller is doing, the same each time they repeat it: a repetition after a crash goes on
    /// with the event that the first attempt left instead of making another.
    ///
    /// - Throws: ``EventsError/inventoryUnavailable`` when inventory did not take the stock, after which the event
    ///   does not exist
    func callAsFunction(
        _ draft: EventDraft, by identity: Identity, intent: String?, in context: CallContext
    ) async throws -> EventDocument {
        try authorize(identity)
        let now = clock.now()
        let event = try await store(draft, by: identity, intent: intent, at: now)
        try await FaultPoint.reach("events.create.stored")
        do {
            let decision = try await pushRules(event.id, in: context)
            if let decision, decision.outcome != .applied { throw EventsError.changedMeanwhile }
        } catch {
            guard try await !withdraw(event.id, because: error) else { throw Self.refusal(error) }
        }
        return event.document(stock: event.untouchedStock, at: now)
    }

    private func store(
        _ draft: EventDraft, by identity: Identity, intent: String?, at now: Timestamp
    ) async throws -> Event {
        let (event, plan) = draft.makeEvent(ownerID: identity.userID, at: now)
        let insertion = try await events.insert(
            event, plan, creationKey: intent.map { "\(identity.userID):\($0)" }, pushDueAt: now + takeoverDelay)
        return switch insertion {
        case .made: event
        case .madeBefore(let earlier): earlier
        }
    }

    /// Takes the creation back; false when the event had become visible all the same.
    ///
    /// In a task of its own: the request may have failed because its time is over, and this must happen still.
    private func withdraw(_ eventID: String, because error: any Error) async throws -> Bool {
        logger.warning("event creation failed", metadata: ["eventId": "\(eventID)", "error": "\(error)"])
        return try await Task { try await pushes.withdraw(eventID, at: clock.now()) }.value
    }

    private static func refusal(_ error: any Error) -> any Error {
        error is ServiceCallError ? EventsError.inventoryUnavailable : error
    }
}
