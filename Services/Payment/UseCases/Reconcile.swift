import Contracts
import HTTPKit
import Logging

/// Finds where the provider, the ledger and the charges do not agree, mends it and reports it: what a process left half
/// done, and what happened at the provider without a word to us.
struct Reconcile: Sendable {
    let charges: ChargeStore
    let refunds: RefundStore
    let payments: AuthorizationStore
    let comparison: ComparisonStore
    let inbox: InboxStore
    let findCharge: FindCharge
    let findPayment: FindPayment
    let refundCharge: RefundCharge
    let compare: CompareCharge
    let report: ReportDifference
    let clock: any WallClock
    let logger: Logger
    /// How long what is new is left to those who work on it.
    let delay: Duration

    private static let batchMax = 200
    /// How many charges are compared between two records of the place: few enough for the time of a pass, so that each
    /// pass gets on.
    private static let comparedMax = 20
    private static let callMax = Duration.seconds(10)
    /// A refund that the provider refuses is tried again for so long, with growing pauses.
    private static let refundTriedFor = Duration.seconds(30 * 86_400)
    private static let longestPause = Duration.seconds(3600)
    private static let messagesKept = Duration.seconds(30 * 86_400)

    /// Whether there is anything to finish or compare.
    func isDue() async throws -> Bool { try await comparison.hasWork(since: clock.now() - delay) }

    /// Looks at everything that is due, once.
    func execute() async throws {
        try await settlePendingCharges()
        try await settlePendingPayments()
        try await finishRefunds()
        try await compareCharges()
        try await inbox.purge(before: clock.now() - Self.messagesKept, limit: Self.batchMax)
    }

    private func settlePendingCharges() async throws {
        let cutoff = clock.now() - delay
        var last = ""
        while true {
            let batch = try await charges.pending(since: cutoff, after: last, limit: Self.batchMax)
            for charge in batch {
                let found = try await findCharge.execute(charge.key, until: .after(Self.callMax))
                guard found.state != .pending else { continue }
                let kind: Difference.Kind = charge.isClaimed ? .claimUnfinished : .outcomeUnrecorded
                try await report(
                    Difference(kind, charge, detail: found.state.rawValue, isMended: true, at: clock.now()))
            }
            guard let end = batch.last, batch.count == Self.batchMax else { return }
            last = end.key
        }
    }

    private func settlePendingPayments() async throws {
        let cutoff = clock.now() - delay
        var last = ""
        while true {
            let batch = try await payments.all(in: .pending, madeBy: cutoff, after: last, limit: Self.batchMax)
            for payment in batch {
                let found = try await findPayment.refreshed(payment, until: .after(Self.callMax))
                guard found.state != .pending else { continue }
                try await report(
                    Difference(
                        .authorizationUnrecorded, payment.providerKey, bookingID: nil, detail: found.state.rawValue,
                        isMended: true, at: clock.now()))
            }
            guard let end = batch.last, batch.count == Self.batchMax else { return }
            last = end.paymentID
        }
    }

    private func finishRefunds() async throws {
        let now = clock.now()
        var last: Refund?
        while true {
            let batch = try await refunds.unfinished(
                since: now - delay, begunAfter: now - Self.refundTriedFor, after: last, limit: Self.batchMax)
            for (refund, changedAt) in batch where now >= changedAt + pause(after: refund) {
                try await finish(refund)
            }
            guard let end = batch.last, batch.count == Self.batchMax else { return }
            last = end.refund
        }
    }

    /// A refund on its way is asked for again at once, one that was refused after a pause that doubles.
    private func pause(after refund: Refund) -> Duration {
        guard refund.state == .failed else { return .zero }
        return min(Self.longestPause, delay * (1 << min(refund.attempt, 16)))
    }

    private func finish(_ refund: Refund) async throws {
        do {
            // Some of the charge may have gone back by hand since: then what is left of the refund.
            let charge = try await refundCharge.execute(
                refund.key, of: refund.chargeKey, minorUnits: nil, until: .after(Self.callMax))
            try await report(
                Difference(
                    .refundUnfinished, charge, detail: "attempt \(refund.attempt)", isMended: true, at: clock.now()))
        } catch let refusal as PaymentRefusal {
            logger.debug(
                "a refund is still unfinished",
                metadata: ["chargeKey": "\(refund.chargeKey)", "reason": "\(refusal)"])
        }
    }

    private func compareCharges() async throws {
        let cutoff = clock.now() - delay
        while true {
            let batch = try await comparison.next(until: cutoff, limit: Self.comparedMax)
            guard let end = batch.last else { return }
            var answers = 0
            for (charge, _) in batch where try await compare.execute(charge, until: .after(Self.callMax)) {
                answers += 1
            }
            // A provider that is away altogether is asked again from here; single gaps do not hold up the rest.
            guard answers > 0 else { return }
            try await comparison.advance(to: end.place)
        }
    }
}
