import Contracts
import HTTPKit
import ServiceKit

/// Gives a charge up for good: from then on its key takes no money.
///
/// A key that was never used is stored as voided, so that a charge which is still on its way is refused when it comes.
/// A pending one is voided at the provider, who alone knows whether the money moved; only its word makes the charge
/// `Voided`, so a voided charge never turns out to be captured. When the money had moved, the charge is `Captured`, and
/// the caller, who knows whether the booking still wants it, refunds it.
struct VoidCharge: Sendable {
    let charges: ChargeStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let patience: ProviderPatience

    /// The charge as it is afterwards, voided or captured.
    ///
    /// Throws ``PaymentRefusal/providerSilent`` when that could not be found out: asking again is safe.
    func execute(_ order: ChargeOrder, until deadline: Deadline) async throws -> Charge {
        let charge = try await charges.exclude(order, at: clock.now())
        guard charge.state == .pending else { return charge }
        try await FaultPoint.reach("payment.void.begun")
        guard
            let outcome = try await patience.wait(deadline, { try await provider.void(charge.providerKey, until: $0) })
        else {
            throw PaymentRefusal.providerSilent
        }
        try await FaultPoint.reach("payment.void.answered")
        let settled = try await charges.settle(order.key, outcome, at: clock.now())
        try await FaultPoint.reach("payment.void.settled")
        switch settled.state {
        case .captured, .voided: return settled
        case .declined: return try await charges.exclude(order, at: clock.now())
        case .pending: throw PaymentRefusal.providerSilent
        }
    }
}
