import Contracts
import ServiceKit

extension ReservationRefusal {
    /// The refusal as HTTP says it.
    func problem(at now: Timestamp) -> Problem {
        switch self {
        case .eventUnknown: .notFound("event")
        case .reservationUnknown: .notFound("reservation")
        case .seatUnknown: .notFound("seat")
        case .seatsUnknown(let numbers):
            .invalid(numbers.map { FieldError("seatNumbers", "the event has no seat \($0)") })
        case .ticketTypesUnknown(let ids):
            .invalid(ids.map { FieldError("items", "the event has no ticket type \($0)") })
        case .sectionUnknown(let name): .invalid("bestAvailable.section", "the event has no section \(name)")
        case .orderTooLarge(let max): .invalid("quantity", "an order may have at most \(max) places")
        case .currenciesMixed: .invalid("items", "must all be priced in one currency")
        case .seatsUnavailable(let numbers):
            .conflict(
                code: "seat-unavailable", title: "Seat unavailable", detail: "Somebody else has \(Self.list(numbers)).",
                conflicts: numbers)
        case .seatsLocked(let numbers):
            .conflict(
                code: "seat-locked", title: "Seat being taken",
                detail: "Somebody else is taking \(Self.list(numbers)) at this moment.", conflicts: numbers,
                retryAfter: 1)
        case .fenced:
            .conflict(
                code: "seat-locked", title: "Seat being taken",
                detail: "Somebody else was faster; look again what is free.", retryAfter: 1)
        case .soldOut(let ids):
            .conflict(
                code: "sold-out", title: "Sold out", detail: "There are not enough places left.",
                conflicts: ids.isEmpty ? nil : ids)
        case .notOnSale(let reason, let from):
            .conflict(
                code: "not-on-sale", title: "Not on sale", detail: reason,
                retryAfter: from.map { Int(max(1, ($0 - now).components.seconds + 1)) })
        case .holdLimit(let max):
            .tooManyRequests(
                code: "hold-limit", detail: "One buyer may hold at most \(max) places of an event.", retryAfter: 60)
        case .expired:
            .gone(code: "reservation-expired", title: "Reservation expired", detail: "The hold has ended.")
        case .confirmed:
            .gone(code: "reservation-confirmed", title: "Already bought", detail: "The reservation was paid for.")
        case .paymentInProgress:
            .conflict(
                code: "payment-in-progress", title: "Payment in progress",
                detail: "A payment for the reservation is running.", retryAfter: 2)
        case .tooManyPaymentAttempts:
            .conflict(
                code: "payment-attempts-exhausted", title: "Too many payment attempts",
                detail: "Release the reservation and reserve again.")
        }
    }

    private static func list(_ numbers: [String]) -> String {
        numbers.isEmpty ? "a seat" : numbers.joined(separator: ", ")
    }
}
