import Contracts
import HTTPKit
import ServiceKit

/// Charges a buyer once, whatever happens to the call: the intent is stored first, the provider is told under the
/// charge's own key, and its answer is recorded by a compare-and-set.
///
/// A repeat goes to the provider again as long as the charge is pending: the first call may have died before it got
/// there, and the key makes the repeat harmless.
struct ChargeBuyer: Sendable {
    let charges: ChargeStore
    let provider: any PaymentProvider
    let clock: any WallClock
    let captureClaim: CaptureClaim
    /// How long the provider has to answer.
    let patience: ProviderPatience

    /// The charge as it is afterwards: captured, or pending when the provider kept silent.
    ///
    /// Throws ``PaymentRefusal``: `declined`, `voided`, `chargeKeyReused`, `invalid`; for a payment made before also
    /// `referenceInvalid` and `referenceUsed`.
    func execute(_ order: ChargeOrder, _ method: PaymentMethod, until deadline: Deadline) async throws -> Charge {
        if let reference = method.reference { return try await claim(reference, order, until: deadline) }
        let instrument = try PaymentInstrument(method, at: clock.now(), isToken: provider.isToken)
        let begun = try await charges.begin(order, lastFour: instrument.lastFour, at: clock.now())
        guard begun.state == .pending, !begun.isClaimed else { return try Self.result(begun) }
        try await FaultPoint.reach("payment.charge.begun")
        let order = ProviderOrder(key: begun.key, amount: begun.amount, instrument: instrument, isCaptured: true)
        guard
            let outcome = try await patience.wait(deadline, { try await provider.authorize(order, until: $0) })
        else { return begun }
        try await FaultPoint.reach("payment.charge.answered")
        let settled = try await charges.settle(begun.key, outcome, at: clock.now())
        try await FaultPoint.reach("payment.charge.settled")
        return try Self.result(settled)
    }

    /// Takes the money of a payment that was authorized before: claimed by a compare-and-set, then captured.
    private func claim(_ reference: String, _ order: ChargeOrder, until deadline: Deadline) async throws -> Charge {
        try await FaultPoint.reach("payment.claim.begun")
        let claimed = try await charges.claim(reference, order, at: clock.now())
        guard claimed.state == .pending else { return try Self.result(claimed) }
        try await FaultPoint.reach("payment.claim.recorded")
        return try Self.result(try await captureClaim.execute(claimed, until: deadline))
    }

    private static func result(_ charge: Charge) throws(PaymentRefusal) -> Charge {
        switch charge.state {
        case .captured, .pending: return charge
        case .declined: throw .declined(code: charge.declineCode ?? "card_declined")
        case .voided: throw .voided
        }
    }
}
