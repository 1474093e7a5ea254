import Contracts
import HTTPKit
import ServiceKit

/// Gives money back once for each refund key: the intent is stored first, the provider is told under a key of the
/// attempt, and its answer is recorded together with the ledger entry.
struct RefundCharge: Sendable {
    let refunds: RefundStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let patience: ProviderPatience

    /// Refunds `minorUnits`, or all that is left when nil, and returns the charge as it is afterwards. A refund that
    /// failed is tried again; without `minorUnits` for as much of it as is left by now.
    ///
    /// Throws ``PaymentRefusal``; after `refundFailed` and `providerSilent` the same call may be made again.
    func execute(
        _ key: String, of chargeKey: String, minorUnits: Int64?, until deadline: Deadline
    ) async throws -> Charge {
        let (refund, charge) = try await refunds.begin(key, of: chargeKey, minorUnits: minorUnits, at: clock.now())
        guard refund.state == .pending else { return charge }
        try await FaultPoint.reach("payment.refund.begun")
        let order = ProviderRefund(
            key: refund.providerKey, paymentKey: charge.providerKey,
            amount: Money(minorUnits: refund.minorUnits, currency: charge.amount.currency))
        guard let outcome = try await patience.wait(deadline, { try await provider.refund(order, until: $0) }) else {
            throw PaymentRefusal.providerSilent
        }
        try await FaultPoint.reach("payment.refund.answered")
        let settled = try await refunds.settle(refund, outcome, at: clock.now())
        try await FaultPoint.reach("payment.refund.settled")
        switch outcome {
        case .succeeded: return settled
        case .failed(let code): throw PaymentRefusal.refundFailed(code: code)
        case .undecided: throw PaymentRefusal.providerSilent
        }
    }
}
