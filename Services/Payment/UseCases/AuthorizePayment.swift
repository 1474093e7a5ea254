import Contracts
import HTTPKit
import ServiceKit

/// Has the buyer's bank agree to an amount before anything is bought: the intent is stored first, the provider is told
/// under the payment's own key, and its answer is recorded by a compare-and-set.
struct AuthorizePayment: Sendable {
    let payments: AuthorizationStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let patience: ProviderPatience
    /// How long a payment waits for a purchase.
    let lifetime: Duration

    /// What the buyer pays with, checked for form.
    func instrument(_ method: PaymentMethod, field: String) throws(PaymentRefusal) -> PaymentInstrument {
        try PaymentInstrument(method, field: field, at: clock.now(), isToken: provider.isToken)
    }

    /// The payment as it is afterwards: authorized, or pending when the provider kept silent.
    ///
    /// Throws ``PaymentRefusal``: `declined`, `voided`, `intentReused`, `tooManyUnclaimed`.
    func execute(
        _ order: AuthorizationOrder, _ instrument: PaymentInstrument, until deadline: Deadline
    ) async throws -> Authorization {
        let begun = try await payments.begin(
            order, lastFour: instrument.lastFour, lifetime: lifetime, at: clock.now())
        guard begun.state == .pending else { return try Self.result(begun) }
        try await FaultPoint.reach("payment.authorize.begun")
        let order = ProviderOrder(
            key: begun.providerKey, amount: begun.amount, instrument: instrument, isCaptured: false)
        guard
            let outcome = try await patience.wait(deadline, { try await provider.authorize(order, until: $0) })
        else { return begun }
        try await FaultPoint.reach("payment.authorize.answered")
        let settled = try await payments.settle(begun.paymentID, outcome, at: clock.now())
        try await FaultPoint.reach("payment.authorize.settled")
        return try Self.result(settled)
    }

    private static func result(_ payment: Authorization) throws(PaymentRefusal) -> Authorization {
        switch payment.state {
        case .pending, .authorized, .claimed: return payment
        case .declined: throw .declined(code: payment.declineCode ?? "card_declined")
        // A repeat that comes after its payment was given back.
        case .releasing, .voided: return payment
        }
    }
}
