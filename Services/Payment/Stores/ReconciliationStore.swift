import Contracts
import DatabaseKit

/// The charges with the sums of their ledger, for auditors.
struct ReconciliationStore: Sendable {
    let database: any Database

    /// Up to `limit` charges whose keys follow `after`, in the order of their keys.
    func read(after: String, limit: Int) async throws -> [PaymentReconciliationEntry] {
        try await database.read { session in
            try session.query(
                """
                SELECT c.charge_key, c.booking_id, c.user_id, c.state, c.currency,
                    CAST(COALESCE(SUM(CASE WHEN l.kind = 'capture' THEN l.amount END), 0) AS BIGINT) AS captured,
                    CAST(COALESCE(SUM(CASE WHEN l.kind = 'refund' THEN l.amount END), 0) AS BIGINT) AS refunded,
                    COUNT(CASE WHEN l.kind = 'capture' THEN 1 END) AS captures
                FROM (SELECT charge_key, booking_id, user_id, state, currency FROM charges
                      WHERE charge_key > $1 ORDER BY charge_key LIMIT $2) c
                LEFT JOIN ledger l ON l.charge_key = c.charge_key
                GROUP BY c.charge_key, c.booking_id, c.user_id, c.state, c.currency
                ORDER BY c.charge_key
                """, after, limit
            ).map(Self.entry)
        }
    }

    private static func entry(_ row: SQLRow) throws -> PaymentReconciliationEntry {
        guard let state = ChargeState(rawValue: try row.string("state")) else {
            throw DatabaseError(.decoding, "charges holds an unknown state")
        }
        return PaymentReconciliationEntry(
            chargeKey: try row.string("charge_key"), bookingId: try row.string("booking_id"),
            userId: try row.string("user_id"), state: state, currency: try row.string("currency"),
            capturedMinorUnits: try row.int64("captured"), refundedMinorUnits: try row.int64("refunded"),
            captures: try row.int("captures"))
    }
}
