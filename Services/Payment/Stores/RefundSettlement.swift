import Contracts
import DatabaseKit

/// What the provider's word does to a refund: its state and its ledger entry, in the transaction of the caller.
enum RefundSettlement {
    /// Records what the provider said of `refund`, once, and returns the charge as it is afterwards.
    static func settle(
        _ refund: Refund, _ outcome: ProviderRefundOutcome, at now: Timestamp, _ session: any SQLSession
    ) throws -> Charge {
        guard let before = try ChargeTable.find(refund.chargeKey, session) else { throw PaymentRefusal.noSuchCharge }
        let state: Refund.State
        switch outcome {
        case .undecided: return before
        case .succeeded: state = .succeeded
        case .failed: state = .failed
        }
        let moved = try session.execute(
            """
            UPDATE refunds SET state = $4, updated_at = $5
            WHERE charge_key = $1 AND refund_key = $2 AND attempt = $3 AND state = 'Pending'
            """, refund.chargeKey, refund.key, refund.attempt, state.rawValue, now)
        guard moved == 1, case .succeeded(let reference) = outcome else { return before }
        try record(refund, before, reference: reference, at: now, session)
        return try ChargeTable.find(refund.chargeKey, session) ?? before
    }

    /// Writes money that went back into the ledger.
    static func record(
        _ refund: Refund, _ charge: Charge, reference: String?, at now: Timestamp, _ session: any SQLSession
    ) throws {
        try LedgerTable.append(
            .refund, refund.chargeKey, key: "refund:" + refund.key,
            Money(minorUnits: refund.minorUnits, currency: charge.amount.currency), reference: reference, at: now,
            session)
        try ChargeTable.touch(refund.chargeKey, at: now, session)
    }
}
