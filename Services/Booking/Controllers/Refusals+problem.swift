import Contracts
import HTTPTypes
import ServiceKit

extension CancellationRefusal {
    /// The refusal as HTTP says it.
    var problem: Problem {
        switch self {
        case .bookingUnknown: .notFound("booking")
        case .ticketsUnknown(let ids):
            .invalid(ids.map { FieldError("ticketIds", "the booking has no ticket \($0)") })
        case .bookingPending: .paymentInProgress
        case .bookingNotConfirmed(let status):
            .conflict(
                code: "booking-not-confirmed", title: "Nothing to cancel",
                detail: "the booking is \(status.rawValue.lowercased())")
        case .eventBegan:
            .conflict(
                code: "event-began", title: "Event began", detail: "tickets are taken back until the event begins")
        case .ticketsUsed(let ids):
            .conflict(
                code: "ticket-used", title: "Ticket used", detail: "somebody was let in with it", conflicts: ids)
        case .ticketsTransferred(let ids):
            .conflict(
                code: "ticket-transferred", title: "Ticket passed on", detail: "somebody else holds it by now",
                conflicts: ids)
        case .keyReused: .idempotencyKeyReused
        case .requestInProgress(let retryAfter): .requestInProgress(retryAfter: retryAfter)
        case .raced: .overloaded()
        }
    }

    /// Runs `body`, whose refusals become problems.
    static func translated<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as CancellationRefusal {
            throw refusal.problem
        }
    }
}

extension TicketRefusal {
    /// The refusal as HTTP says it.
    var problem: Problem {
        switch self {
        case .codeInvalid:
            .unprocessable(
                code: "code-invalid", title: "Code not valid", detail: "this is no ticket's code, or not any more")
        case .alreadyUsed(let time):
            Problem(
                .conflict, code: "already-used", title: "Already used", detail: "somebody was let in with it",
                extra: ["usedAt": "\(time)"])
        case .cancelled:
            .conflict(code: "ticket-cancelled", title: "Ticket cancelled", detail: "the ticket was taken back")
        case .ticketUnknown: .notFound("ticket")
        case .keyReused: .idempotencyKeyReused
        case .requestInProgress(let retryAfter): .requestInProgress(retryAfter: retryAfter)
        case .raced: .overloaded()
        }
    }

    /// Runs `body`, whose refusals become problems.
    static func translated<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as TicketRefusal {
            throw refusal.problem
        }
    }
}
