import Contracts
import HTTPKit

/// Finds out how a charge stands; the provider is asked while it is pending.
struct FindCharge: Sendable {
    let charges: ChargeStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let patience: ProviderPatience

    /// The charge as it is now; ``PaymentRefusal/noSuchCharge`` when there is none.
    func execute(_ key: String, until deadline: Deadline) async throws -> Charge {
        guard let charge = try await charges.find(key) else { throw PaymentRefusal.noSuchCharge }
        guard charge.state == .pending else { return charge }
        let answer = try await patience.wait(deadline) { try await provider.outcome(of: key, until: $0) }
        // Silent, or never heard of: the order may still be on its way there, so the charge stays pending.
        guard case .some(.some(let outcome)) = answer, outcome != .undecided else { return charge }
        return try await charges.settle(key, outcome, at: clock.now())
    }
}
