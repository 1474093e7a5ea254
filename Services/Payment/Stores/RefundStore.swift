import Contracts
import DatabaseKit
import ServiceKit

/// The refunds and the transactions that move them.
struct RefundStore: Sendable {
    let database: any Database

    /// Stores the intent to refund `minorUnits` (nil: all that is left), or takes up the refund that has the key:
    /// one that failed begins another attempt, of `minorUnits` (nil: as much of it as is left).
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
                return (try Self.takeUp(known, asked: minorUnits, charge, at: now, session), charge)
            }
            let amount = try Self.amount(asked: minorUnits, of: charge, session)
            try session.execute(
                """
                INSERT INTO refunds (charge_key, refund_key, amount, state, attempt, created_at, updated_at)
                VALUES ($1, $2, $3, 'Pending', 1, $4, $4)
                """, chargeKey, key, amount, now)
            let refund = Refund(chargeKey: chargeKey, key: key, minorUnits: amount, state: .pending, attempt: 1)
            return (refund, charge)
        }
    }

    /// Records what the provider said of `refund`, once, and returns the charge as it is afterwards.
    func settle(_ refund: Refund, _ outcome: ProviderRefundOutcome, at now: Timestamp) async throws -> Charge {
        try await database.write { try RefundSettlement.settle(refund, outcome, at: now, $0) }
    }

    /// Up to `limit` refunds without success that were begun after `oldest` and have not changed since `time`, in the
    /// order of their keys, from after one.
    func unfinished(
        since time: Timestamp, begunAfter oldest: Timestamp, after last: Refund?, limit: Int
    ) async throws -> [(refund: Refund, changedAt: Timestamp)] {
        try await database.read { session in
            try session.query(
                """
                SELECT charge_key, refund_key, amount, state, attempt, updated_at FROM refunds
                WHERE state <> 'Succeeded' AND updated_at <= $1 AND created_at > $2
                AND (charge_key > $3 OR (charge_key = $3 AND refund_key > $4))
                ORDER BY charge_key, refund_key LIMIT $5
                """, time, oldest, last?.chargeKey ?? "", last?.key ?? "", limit
            ).map { (try Self.refund($0), try $0.timestamp("updated_at")) }
        }
    }

    /// The refunds of a charge that are on their way.
    static func pending(of chargeKey: String, _ session: any SQLSession) throws -> [Refund] {
        try session.query(
            """
            SELECT charge_key, refund_key, amount, state, attempt FROM refunds
            WHERE charge_key = $1 AND state = 'Pending'
            """, chargeKey
        ).map(refund)
    }

    private static func takeUp(
        _ refund: Refund, asked: Int64?, _ charge: Charge, at now: Timestamp, _ session: any SQLSession
    ) throws -> Refund {
        guard refund.state == .failed else { return refund }
        let minorUnits = try amount(asked: asked, atMost: refund.minorUnits, of: charge, session)
        try session.execute(
            """
            UPDATE refunds SET state = 'Pending', amount = $3, attempt = attempt + 1, updated_at = $4
            WHERE charge_key = $1 AND refund_key = $2
            """, refund.chargeKey, refund.key, minorUnits, now)
        return Refund(
            chargeKey: refund.chargeKey, key: refund.key, minorUnits: minorUnits, state: .pending,
            attempt: refund.attempt + 1)
    }

    /// What is to go back of a charge: what is asked for, or else what is left, up to `most`.
    private static func amount(
        asked: Int64?, atMost most: Int64 = .max, of charge: Charge, _ session: any SQLSession
    ) throws -> Int64 {
        let left = try left(of: charge, session)
        guard left > 0 else { throw PaymentRefusal.nothingLeft }
        guard let asked else { return min(most, left) }
        guard asked <= left else { throw PaymentRefusal.exceedsCharge(leftMinorUnits: left) }
        return asked
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
            """
            SELECT charge_key, refund_key, amount, state, attempt FROM refunds
            WHERE charge_key = $1 AND refund_key = $2
            """, chargeKey, key
        ).map(refund)
    }

    private static func refund(_ row: SQLRow) throws -> Refund {
        Refund(
            chargeKey: try row.string("charge_key"), key: try row.string("refund_key"),
            minorUnits: try row.int64("amount"), state: try row.choice("state"), attempt: try row.int("attempt"))
    }
}
