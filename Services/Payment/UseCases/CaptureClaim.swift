import Contracts
import HTTPKit
import ServiceKit

/// Takes the money of a payment that a booking has claimed. The claim is the stored intent; whoever finds one without
/// outcome may do it again.
struct CaptureClaim: Sendable {
    let charges: ChargeStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let patience: ProviderPatience

    /// The charge as it is afterwards; pending when the provider kept silent.
    func execute(_ charge: Charge, until deadline: Deadline) async throws -> Charge {
        try await FaultPoint.reach("payment.capture.begun")
        let key = charge.providerKey
        guard let outcome = try await patience.wait(deadline, { try await provider.capture(key, until: $0) }) else {
            return charge
        }
        try await FaultPoint.reach("payment.capture.answered")
        let settled = try await charges.settle(charge.key, outcome, at: clock.now())
        try await FaultPoint.reach("payment.capture.settled")
        return settled
    }
}
