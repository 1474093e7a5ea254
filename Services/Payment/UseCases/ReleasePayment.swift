import Contracts
import HTTPKit
import ServiceKit

/// Gives a payment back that no booking has: it becomes unclaimable first, then the provider voids it.
struct ReleasePayment: Sendable {
    let payments: AuthorizationStore
    let report: ReportDifference
    let provider: any PaymentProvider
    let clock: any WallClock
    let patience: ProviderPatience

    /// Gives the payment called `paymentID` back, asked for by an administrator, and returns it as it is afterwards.
    ///
    /// Throws ``PaymentRefusal``: `noSuchCharge`, `claimed`, `notCaptured`, `exceedsCharge`, `partOfAuthorization`;
    /// after `providerSilent` and `refundFailed` it is given back in the background.
    func execute(_ paymentID: String, minorUnits: Int64?, until deadline: Deadline) async throws -> Authorization {
        guard let known = try await payments.find(paymentID) else { throw PaymentRefusal.noSuchCharge }
        if let minorUnits, known.state != .claimed, minorUnits != known.amount.minorUnits {
            throw minorUnits > known.amount.minorUnits
                ? PaymentRefusal.exceedsCharge(leftMinorUnits: known.amount.minorUnits) : .partOfAuthorization
        }
        guard let payment = try await payments.release(paymentID) else { throw PaymentRefusal.noSuchCharge }
        switch payment.state {
        case .claimed: throw PaymentRefusal.claimed
        case .declined: throw PaymentRefusal.notCaptured
        case .voided: return payment
        case .releasing, .pending, .authorized: return try await finish(payment, until: deadline)
        }
    }

    /// Has the provider void a payment that is being given back, and returns it as it is afterwards.
    func finish(_ payment: Authorization, until deadline: Deadline) async throws -> Authorization {
        try await FaultPoint.reach("payment.release.begun")
        let key = payment.providerKey
        guard let outcome = try await patience.wait(deadline, { try await provider.void(key, until: $0) }) else {
            throw PaymentRefusal.providerSilent
        }
        try await FaultPoint.reach("payment.release.answered")
        if case .captured(let reference) = outcome {
            try await giveBack(payment, captured: reference, until: deadline)
        } else {
            _ = try await payments.settle(payment.paymentID, outcome, at: clock.now())
        }
        try await FaultPoint.reach("payment.release.settled")
        guard let settled = try await payments.find(payment.paymentID), settled.state != .releasing else {
            throw PaymentRefusal.providerSilent
        }
        return settled
    }

    /// Gives money back that was taken although no booking had asked for it, as by hand at the provider.
    private func giveBack(_ payment: Authorization, captured: String, until deadline: Deadline) async throws {
        let order = ProviderRefund(
            key: payment.returnKey, paymentKey: payment.providerKey, amount: payment.amount)
        switch try await patience.wait(deadline, { try await provider.refund(order, until: $0) }) {
        case .succeeded(let refunded):
            try await payments.settleReturned(payment, captured: captured, refunded: refunded, at: clock.now())
            try await report(
                Difference(.capturedUnclaimed, payment.providerKey, bookingID: nil, isMended: true, at: clock.now()))
        case .failed(let code):
            try await payments.countReturn(payment)
            throw PaymentRefusal.refundFailed(code: code)
        case .undecided, nil: throw PaymentRefusal.providerSilent
        }
    }
}
