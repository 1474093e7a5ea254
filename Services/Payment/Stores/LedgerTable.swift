import Contracts
import DatabaseKit

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
            now.milliseconds)
    }
}
