import Contracts
import ServiceKit

/// The refusals of the booking service.
extension Problem {
    /// 422: the buyer believes to pay another amount.
    static func amountMismatch(_ total: Money) -> Problem {
        .unprocessable(
            code: "amount-mismatch", title: "Amount differs",
            detail: "the amount is not the reservation's total in \(total.currency)")
    }

    /// 409: another confirmation of the reservation is running.
    static let paymentInProgress = Problem.conflict(
        code: "payment-in-progress", title: "Payment in progress",
        detail: "another payment for this reservation is running", retryAfter: 2)

    /// 410: the reservation was bought already, under another key.
    static let reservationConfirmed = Problem.gone(
        code: "reservation-confirmed", title: "Already bought", detail: "this reservation was paid for")

    /// 410: the buyer's checkout of the event holds nothing.
    static let nothingHeld = Problem.gone(
        code: "reservation-expired", title: "Reservation expired", detail: "the checkout holds nothing any more")

    /// 402: what was named is no payment of this buyer for this amount.
    static let paymentReferenceInvalid = Problem.paymentRequired(
        code: "payment-reference-invalid", title: "No such payment",
        detail: "this is no authorized payment of yours for the reservation's amount")

    /// 503: nothing was executed, because a service that is needed did not answer.
    static let dependencyUnavailable = Problem.unavailable(
        code: "dependency-unavailable", detail: "nothing was charged; try again with the same key", retryAfter: 1)

    /// 503: nothing was changed, because a service that is needed did not answer.
    static func notAnswered(_ detail: String) -> Problem {
        .unavailable(code: "dependency-unavailable", detail: detail, retryAfter: 1)
    }

    /// What the buyer of a booking that came to nothing is told.
    init(_ reason: FailureReason, declineDetail: String?) {
        switch reason {
        case .declined:
            let what = declineDetail ?? "the payment was declined"
            self = .paymentRequired(
                code: "payment-declined", title: "Payment declined",
                detail: "\(what); the seats are still held, try another card with a new key")
        case .notCompleted:
            self = .paymentRequired(
                code: "payment-declined", title: "Payment not completed",
                detail: "the payment had no outcome in time and was called off; nothing was charged")
        case .reservationLost:
            self = .gone(
                code: "reservation-expired", title: "Reservation expired",
                detail: "the hold ended before it could be sold; what was charged was refunded")
        case .saleStopped:
            self = .conflict(
                code: "not-on-sale", title: "Not on sale",
                detail: "the event's sale was stopped meanwhile; what was charged was refunded")
        case .seatTaken:
            self = .conflict(
                code: "seat-unavailable", title: "Seat unavailable",
                detail: "a seat was sold to somebody else; what was charged was refunded")
        }
    }
}
