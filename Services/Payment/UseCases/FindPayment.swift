import Contracts
import HTTPKit

/// A payment as people know it: made before a purchase, or a booking's charge.
enum Payment: Sendable, Hashable {
    case authorization(Authorization)
    case charge(Charge)

    var userID: String {
        switch self {
        case .authorization(let payment): payment.userID
        case .charge(let charge): charge.userID
        }
    }

    var amount: Money {
        switch self {
        case .authorization(let payment): payment.amount
        case .charge(let charge): charge.amount
        }
    }
}

/// Finds out how a payment stands; the provider is asked while a payment before a purchase has no outcome.
struct FindPayment: Sendable {
    let charges: ChargeStore
    let payments: AuthorizationStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let patience: ProviderPatience

    /// The payment called `paymentID`, whoever made it; nil when there is none.
    func execute(_ paymentID: String, until deadline: Deadline) async throws -> Payment? {
        // A claimed payment is its booking's charge.
        if let charge = try await charges.find(paymentID: paymentID) { return .charge(charge) }
        guard let payment = try await payments.find(paymentID) else { return nil }
        return .authorization(try await refreshed(payment, until: deadline))
    }

    /// `payment` with what the provider says by now.
    func refreshed(_ payment: Authorization, until deadline: Deadline) async throws -> Authorization {
        guard payment.state == .pending else { return payment }
        let answer = try await patience.wait(deadline) {
            try await provider.status(of: payment.providerKey, until: $0)
        }
        guard case .some(.some(let status)) = answer else { return payment }
        return try await payments.settle(payment.paymentID, status.outcome, at: clock.now())
    }
}
