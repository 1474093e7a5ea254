import Contracts
import HTTPKit

/// Finds out how a charge stands; the provider is asked while it is pending.
///
/// A claimed payment is captured on the way: unlike a card, which nobody has any more, that can be done by whoever asks.
struct FindCharge: Sendable {
    let charges: ChargeStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let patience: ProviderPatience
    let captureClaim: CaptureClaim

    /// The charge as it is now; ``PaymentRefusal/noSuchCharge`` when there is none.
    func execute(_ key: String, until deadline: Deadline) async throws -> Charge {
        guard let charge = try await charges.find(key) else { throw PaymentRefusal.noSuchCharge }
        guard charge.state == .pending else { return charge }
        if charge.isClaimed { return try await captureClaim.execute(charge, until: deadline) }
        let answer = try await patience.wait(deadline) { try await provider.status(of: key, until: $0) }
        // Silent, or never heard of: the order may still be on its way there, so the charge stays pending.
        guard case .some(.some(let status)) = answer, status.outcome != .undecided else { return charge }
        return try await charges.settle(key, status.outcome, at: clock.now())
    }
}
