import ServiceKit

/// The one place where refusals of the events service become answers.
extension EventsError {
    var problem: Problem {
        switch self {
        case .guestsMayNotOrganize: .forbidden("guests may not organize events; register an account")
        case .inactiveEventsNeedAdmin: .forbidden("only admins may list inactive events")
        case .unknownEvent: .notFound("event")
        case .notTheOwner: .forbidden("only the event's organizer or an admin may do this")
        case .notPublishable(let state):
            .conflict(code: "event-not-publishable", detail: "the event is \(state) and cannot be put on sale")
        case .changedMeanwhile:
            .conflict(code: "event-changed", detail: "the event was changed meanwhile; try again", retryAfter: 1)
        case .inventoryUnavailable:
            .unavailable(
                code: "dependency-unavailable", detail: "inventory does not answer; try again", retryAfter: 1)
        }
    }
}

/// Does `work` and turns what the domain refuses into problems.
func answering<Answer>(_ work: () async throws -> Answer) async throws -> Answer {
    do {
        return try await work()
    } catch let error as EventsError {
        throw error.problem
    } catch let error as InvalidEvent {
        throw Problem.invalid(error.errors)
    }
}
