import Contracts
import HTTPKit

/// Compares one charge with the provider's books, and mends and reports what differs.
///
/// The books here are read first, then the provider is asked, and whatever is done afterwards is done only if the books
/// still say the same: an effect of our own has its intent stored before it, so it cannot pass for somebody else's.
struct CompareCharge: Sendable {
    let comparison: ComparisonStore
    let refundCharge: RefundCharge
    let provider: any PaymentProvider
    let report: ReportDifference
    let clock: any WallClock
    let patience: ProviderPatience

    /// False when the provider did not answer.
    func execute(_ charge: Charge, until deadline: Deadline) async throws -> Bool {
        guard let books = try await comparison.books(of: charge.key), books.charge.state != .pending else {
            return true
        }
        let key = charge.providerKey
        guard let status = try await patience.wait(deadline, { try await provider.status(of: key, until: $0) }) else {
            return false
        }
        try await checkLedger(books)
        switch (books.charge.state, status?.outcome) {
        case (.captured, .captured): try await compareRefunds(books, status?.refundedMinorUnits ?? 0)
        case (.captured, _): try await tell(.captureMissing, books, detail: "the provider has no capture")
        case (.voided, .captured(let reference)), (.declined, .captured(let reference)):
            try await giveBackLate(books, reference, until: deadline)
        case (.voided, .authorized), (.declined, .authorized):
            _ = try await patience.wait(deadline) { try await provider.void(key, until: $0) }
        default: break
        }
        return true
    }

    private func checkLedger(_ books: ComparisonStore.Books) async throws {
        let expected = books.charge.state == .captured ? books.charge.amount.minorUnits : 0
        let balance = books.balance
        guard balance.captured != expected || balance.refunded > balance.captured else { return }
        try await tell(
            .ledgerUnbalanced, books, detail: "captured \(balance.captured), refunded \(balance.refunded)")
    }

    private func compareRefunds(_ books: ComparisonStore.Books, _ given: Int64) async throws {
        let recorded = books.balance.refunded
        guard !books.hasPendingRefund, given != recorded else { return }
        let detail = "the provider gave back \(given), the ledger says \(recorded)"
        guard given > recorded else { return try await tell(.refundMissing, books, detail: detail) }
        let isMended = try await comparison.recordRefund(books, minorUnits: given - recorded, at: clock.now())
        guard isMended else { return }
        try await report(Difference(.refundUnrecorded, books.charge, detail: detail, isMended: true, at: clock.now()))
    }

    /// A charge that was given up must not cost anything: what was taken is recorded and goes back. Should this process
    /// die in between, the stored refund is finished like any other.
    private func giveBackLate(
        _ books: ComparisonStore.Books, _ reference: String, until deadline: Deadline
    ) async throws {
        guard try await comparison.recordLateCapture(books, reference: reference, at: clock.now()) else { return }
        try await report(
            Difference(
                .capturedLate, books.charge, detail: books.charge.state.rawValue, isMended: true, at: clock.now()))
        do {
            _ = try await refundCharge.execute(
                ComparisonStore.lateRefundKey, of: books.charge.key, minorUnits: nil, until: deadline)
        } catch is PaymentRefusal {
            return
        }
    }

    /// Reports what cannot be mended from here, unless it has changed meanwhile.
    private func tell(_ kind: Difference.Kind, _ books: ComparisonStore.Books, detail: String) async throws {
        guard try await comparison.isUnchanged(books) else { return }
        try await report(Difference(kind, books.charge, detail: detail, isMended: false, at: clock.now()))
    }
}
