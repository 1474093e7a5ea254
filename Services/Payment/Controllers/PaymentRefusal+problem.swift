import Contracts
import ServiceKit

extension PaymentRefusal {
    /// The refusal as its caller is told it.
    var problem: Problem {
        switch self {
        case .invalid(let errors): .invalid(errors)
        case .chargeKeyReused:
            .unprocessable(
                code: "charge-key-reused", title: "Charge key reused",
                detail: "the key names a charge with another booking, buyer or amount")
        case .refundKeyReused:
            .unprocessable(
                code: "refund-key-reused", title: "Refund key reused",
                detail: "the key names a refund with another amount")
        case .exceedsCharge(let left):
            .unprocessable(
                code: "refund-exceeds-charge", title: "Refund too large",
                detail: "\(left) minor units of the charge are left to refund")
        case .noSuchCharge: .notFound("charge")
        case .declined(let code): Self.declinedProblem(code)
        case .voided:
            .conflict(code: "charge-voided", title: "Charge voided", detail: "the charge was given up for good")
        case .chargePending:
            .conflict(
                code: "charge-pending", title: "Charge pending", detail: "its outcome is not known yet", retryAfter: 1)
        case .notCaptured:
            .conflict(code: "charge-not-captured", title: "Nothing captured", detail: "the charge took no money")
        case .nothingLeft:
            .conflict(code: "nothing-to-refund", title: "Nothing left", detail: "everything was given back already")
        case .referenceInvalid, .referenceUsed, .claimed, .partOfAuthorization, .tooManyUnclaimed, .intentReused:
            authorizationProblem
        case .refundFailed(let code):
            .unavailable(
                code: "refund-failed", detail: "the provider refused the refund for now: \(code)", retryAfter: 1)
        case .providerSilent:
            .unavailable(
                code: "provider-silent", detail: "the provider did not answer; ask again with the same key",
                retryAfter: 1)
        }
    }

    /// What is said about payments made before a purchase.
    private var authorizationProblem: Problem {
        switch self {
        case .referenceInvalid:
            .paymentRequired(
                code: "payment-reference-invalid",
                detail: "the reference names no authorized payment of this buyer, amount and currency")
        case .referenceUsed:
            .conflict(
                code: "payment-reference-used", title: "Payment used",
                detail: "another booking has claimed this payment")
        case .claimed:
            .conflict(
                code: "payment-claimed", title: "Payment claimed",
                detail: "a booking has this payment: cancel the booking instead")
        case .partOfAuthorization:
            .invalid("amount", "must be the whole amount: nothing was taken yet, so nothing can be kept")
        case .tooManyUnclaimed:
            .tooManyRequests(
                code: "too-many-payments", detail: "use or wait for the end of the payments made before",
                retryAfter: 60)
        default: .idempotencyKeyReused
        }
    }

    private static func declinedProblem(_ code: String) -> Problem {
        var problem = Problem.paymentRequired(
            code: "payment-declined", title: "Payment declined", detail: "the payment was declined: \(code)")
        problem.extra["declineCode"] = code
        return problem
    }

    /// Runs `body`, whose refusals become problems.
    static func translated<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as PaymentRefusal {
            throw refusal.problem
        }
    }
}
