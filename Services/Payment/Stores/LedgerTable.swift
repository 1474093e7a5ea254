import Contracts
import DatabaseKit
import ServiceKit

/// The append-only ledger: every movement of money, written in the transaction of the state change it belongs to.
enum LedgerTable {
    /// What happened to the money of a charge.
    enum Kind: String, Sendable {
        /// The bank agreed to the amount.
        case authorize
        /// The money was taken.
        case capture
        /// Money was given back.
        case refund
        /// The charge was given up.
        case void
    }

    /// What the entries of a charge or a payment add up to, in minor units.
    struct Balance: Sendable, Hashable {
        let captured: Int64
        let refunded: Int64
    }

    /// What `chargeKey` took and gave back.
    static func balance(of chargeKey: String, _ session: any SQLSession) throws -> Balance {
        let row = try session.query(
            """
            SELECT CAST(COALESCE(SUM(CASE WHEN kind = 'capture' THEN amount END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN kind = 'refund' THEN amount END), 0) AS BIGINT)
            FROM ledger WHERE charge_key = $1
            """, chargeKey)[0]
        return Balance(captured: try row.int64(0), refunded: try row.int64(1))
    }

    /// Appends one entry. `key` is unique for the charge: nothing is ever recorded twice.
    static func append(
        _ kind: Kind, _ chargeKey: String, key: String? = nil, _ amount: Money, reference: String?, at now: Timestamp,
        _ session: any SQLSession
    ) throws {
        try session.execute(
            """
            INSERT INTO ledger (charge_key, entry_key, kind, amount, currency, provider_reference, recorded_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            chargeKey, key ?? kind.rawValue, kind.rawValue, amount.minorUnits, amount.currency.code, reference,
            now)
    }
}
