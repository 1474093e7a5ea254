import Contracts
import DatabaseKit

/// The refunds and the transactions that move them.
struct RefundStore: Sendable {
    let database: any Database

    /// Stores the intent to refund `minorUnits` (nil: all that is left), or takes up the refund that has the key:
    /// one that failed begins another attempt.
    ///
    /// What is on its way counts as given, so that refunds side by side never exceed the charge.
    func begin(
        _ key: String, of chargeKey: String, minorUnits: Int64?, at now: Timestamp
    ) async throws -> (Refund, Charge) {
        try await database.write { session in
            guard let charge = try ChargeTable.find(chargeKey, session) else { throw PaymentRefusal.noSuchCharge }
            guard charge.state == .captured else {
                throw charge.state == .pending ? PaymentRefusal.chargePending : .notCaptured
            }
            if let known = try Self.find(key, of: chargeKey, session) {
                if let minorUnits, minorUnits != known.minorUnits { throw PaymentRefusal.refundKeyReused }
                return (try Self.takeUp(known, charge, at: now, session), charge)
            }
            let left = try Self.left(of: charge, session)
            guard left > 0 else { throw PaymentRefusal.nothingLeft }
            let amount = minorUnits ?? left
            guard amount <= left else { throw PaymentRefusal.exceedsCharge(leftMinorUnits: left) }
            try session.execute(
                """
                INSERT INTO refunds (charge_key, refund_key, amount, state, attempt, created_at, updated_at)
                VALUES ($1, $2, $3, 'Pending', 1, $4, $4)
                """, chargeKey, key, amount, now.milliseconds)
            let refund = Refund(chargeKey: chargeKey, key: key, minorUnits: amount, state: .pending, attempt: 1)
            return (refund, charge)
        }
    }

    /// Records what the provider said of `refund`, once, and returns the charge as it is afterwards.
    func settle(_ refund: Refund, _ outcome: ProviderRefundOutcome, at now: Timestamp) async throws -> Charge {
        try await database.write { session in
            guard let before = try ChargeTable.find(refund.chargeKey, session) else {
                throw PaymentRefusal.noSuchCharge
            }
            let state: Refund.State
            switch outcome {
            case .succeeded: state = .succeeded
            case .failed: state = .failed
            }
            let moved = try session.execute(
                """
                UPDATE refunds SET state = $4, updated_at = $5
                WHERE charge_key = $1 AND refund_key = $2 AND attempt = $3 AND state = 'Pending'
                """, refund.chargeKey, refund.key, refund.attempt, state.rawValue, now.milliseconds)
            guard moved == 1, case .succeeded(let reference) = outcome else { return before }
            try LedgerTable.append(
                .refund, refund.chargeKey, key: "refund:" + refund.key,
                Money(minorUnits: refund.minorUnits, currency: before.amount.currency), reference: reference, at: now,
                session)
            return try ChargeTable.find(refund.chargeKey, session) ?? before
        }
    }

    private static func takeUp(
        _ refund: Refund, _ charge: Charge, at now: Timestamp, _ session: any SQLSession
    ) throws -> Refund {
        guard refund.state == .failed else { return refund }
        guard refund.minorUnits <= (try left(of: charge, session)) else {
            throw PaymentRefusal.exceedsCharge(leftMinorUnits: try left(of: charge, session))
        }
        try session.execute(
            """
            UPDATE refunds SET state = 'Pending', attempt = attempt + 1, updated_at = $3
            WHERE charge_key = $1 AND refund_key = $2
            """, refund.chargeKey, refund.key, now.milliseconds)
        return Refund(
            chargeKey: refund.chargeKey, key: refund.key, minorUnits: refund.minorUnits, state: .pending,
            attempt: refund.attempt + 1)
    }

    private static func left(of charge: Charge, _ session: any SQLSession) throws -> Int64 {
        let row = try session.query(
            """
            SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM refunds WHERE charge_key = $1 AND state <> 'Failed'
            """, charge.key)[0]
        return charge.amount.minorUnits - (try row.int64(0))
    }

    private static func find(_ key: String, of chargeKey: String, _ session: any SQLSession) throws -> Refund? {
        try session.first(
            "SELECT amount, state, attempt FROM refunds WHERE charge_key = $1 AND refund_key = $2", chargeKey, key
        ).map { row in
            guard let state = Refund.State(rawValue: try row.string(1)) else {
                throw DatabaseError(.decoding, "refunds.state holds an unknown state")
            }
            return Refund(
                chargeKey: chargeKey, key: key, minorUnits: try row.int64(0), state: state, attempt: try row.int(2))
        }
    }
}
