import ServiceKit

/// The one place where refusals of the events service become answers.
extension EventsError {
    var problem: Problem {
        switch self {
        case .guestsMayNotOrganize: .forbidden("guests may not organize events; register an account")
        case .inactiveEventsNeedAdmin: .forbidden("only admins may list inactive events")
        case .unknownEvent: .notFound("event")
        case .notTheOwner: .forbidden("only the event's organizer or an admin may do this")
        case .wrongState(let step, let state):
            .conflict(code: step.code, detail: "the event is \(state) and cannot be \(step.participle)")
        case .staleVersion(let current):
            .conflict(
                code: "version-conflict", title: "Changed by somebody else",
                detail: "the event is at version \(current); look at it again and repeat the change")
        case .capacityBelowSold(let types):
            .conflict(
                code: "capacity-below-sold", title: "Capacity too small",
                detail: "more places are reserved and sold than that", conflicts: types)
        case .seatsTaken(let sections):
            .conflict(
                code: "seats-taken", title: "Seats are taken",
                detail: "seats of these sections are reserved or sold and cannot go", conflicts: sections)
        case .refundsBegan:
            .conflict(
                code: "refunds-began", title: "Refunds began",
                detail: "buyers are getting their money back, so the event stays cancelled")
        case .changedMeanwhile:
            .conflict(code: "event-changed", detail: "the event was changed meanwhile; try again", retryAfter: 1)
        case .inventoryUnavailable:
            .unavailable(
                code: "dependency-unavailable", detail: "inventory does not answer; try again", retryAfter: 1)
        }
    }
}

extension EventsError.Step {
    fileprivate var code: String {
        switch self {
        case .publish: "event-not-publishable"
        case .cancel: "event-not-cancellable"
        case .reactivate: "event-not-reactivatable"
        case .change: "event-not-changeable"
        }
    }

    fileprivate var participle: String {
        switch self {
        case .publish: "put on sale"
        case .cancel: "cancelled"
        case .reactivate: "put on sale again"
        case .change: "changed"
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
