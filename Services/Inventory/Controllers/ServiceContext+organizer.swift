import Contracts
import ServiceKit

extension ServiceContext {
    /// The event of the address, whose organizer or an administrator is asking.
    ///
    /// - Parameter privilege: what only the organizer does, to end the sentence of a refusal
    /// - Throws: ``Problem`` 401, `not-found` or `forbidden`
    func organizedEvent(in events: EventStore, _ privilege: String) async throws -> SaleEvent {
        let identity = try requireIdentity()
        let id = try parameter("eventId").lowercased()
        guard let event = try await events.find(id), event.isVisible(to: identity) else {
            throw Problem.notFound("event")
        }
        guard event.isOrganized(by: identity) else {
            throw Problem.forbidden("only the event's organizer \(privilege)")
        }
        return event
    }
}
