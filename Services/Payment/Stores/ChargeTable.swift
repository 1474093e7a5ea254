import Contracts
import DatabaseKit
import ServiceKit

/// Rows of `charges`, read together with what the ledger says was given back.
enum ChargeTable {
    private static let select = """
        SELECT c.charge_key, c.payment_id, c.reference, c.booking_id, c.user_id, c.amount, c.currency, c.state,
            c.decline_code, c.last_four, c.created_at, c.is_claimed,
            (SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM ledger l
             WHERE l.charge_key = c.charge_key AND l.kind = 'refund') AS refunded
        FROM charges c
        """

    static func find(_ key: String, _ session: any SQLSession) throws -> Charge? {
        try session.first(select + " WHERE c.charge_key = $1", key).map(charge)
    }

    /// The charge that took or takes the money of the payment called `paymentID`, whoever made it.
    static func find(paymentID: String, _ session: any SQLSession) throws -> Charge? {
        try session.first(select + " WHERE c.payment_id = $1", paymentID).map(charge)
    }

    /// The charge that the provider knows by `key`.
    static func find(providerKey key: String, _ session: any SQLSession) throws -> Charge? {
        guard let paymentID = Authorization.paymentID(inProviderKey: key) else { return try find(key, session) }
        return try find(paymentID: paymentID, session)
    }

    /// Up to `limit` pending charges that have not changed since `time`, in the order of their keys, from after one.
    static func pending(
        since time: Timestamp, after key: String, limit: Int, _ session: any SQLSession
    ) throws -> [Charge] {
        try session.query(
            select + """
                 WHERE c.state = 'Pending' AND c.charge_key > $1 AND c.updated_at <= $2
                ORDER BY c.charge_key LIMIT $3
                """, key, time, limit
        ).map(charge)
    }

    /// Up to `limit` charges with an outcome, in the order of their last change, from after a place in it.
    static func changed(
        after place: ReconciliationPlace, until time: Timestamp, limit: Int, _ session: any SQLSession
    ) throws -> [(charge: Charge, place: ReconciliationPlace)] {
        let rows = try session.query(
            selectChanged + """
                 WHERE c.updated_at <= $1 AND c.state <> 'Pending'
                AND (c.updated_at > $2 OR (c.updated_at = $2 AND c.charge_key > $3))
                ORDER BY c.updated_at, c.charge_key LIMIT $4
                """, time, place.changedAt, place.chargeKey, limit)
        return try rows.map { row in
            let charge = try charge(row)
            return (charge, ReconciliationPlace(changedAt: try row.timestamp("updated_at"), chargeKey: charge.key))
        }
    }

    private static let selectChanged = select.replacing(
        "SELECT c.charge_key,", with: "SELECT c.updated_at, c.charge_key,")

    /// Says that something about the charge has changed, so that it is compared with the provider again.
    static func touch(_ key: String, at now: Timestamp, _ session: any SQLSession) throws {
        try session.execute(
            "UPDATE charges SET updated_at = $2 WHERE charge_key = $1 AND updated_at < $2", key, now)
    }

    /// Inserts a new charge unless the key is taken; returns whether it was.
    static func insert(_ charge: Charge, _ session: any SQLSession) throws -> Bool {
        try session.execute(
            """
            INSERT INTO charges (charge_key, payment_id, reference, booking_id, user_id, amount, currency, state,
                last_four, created_at, updated_at, is_claimed)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)
            ON CONFLICT (charge_key) DO NOTHING
            """,
            charge.key, charge.paymentID, charge.reference, charge.bookingID, charge.userID, charge.amount.minorUnits,
            charge.amount.currency.code, charge.state.rawValue, charge.lastFour, charge.createdAt, charge.isClaimed)
            == 1
    }

    /// Moves a charge from one state to another; returns whether it was in the first one.
    static func move(
        _ key: String, from old: ChargeState, to new: ChargeState, declineCode: String? = nil,
        reference: String? = nil, at now: Timestamp, _ session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            UPDATE charges SET state = $3, decline_code = COALESCE($4, decline_code),
                provider_reference = COALESCE($5, provider_reference), updated_at = $6
            WHERE charge_key = $1 AND state = $2
            """, key, old.rawValue, new.rawValue, declineCode, reference, now) == 1
    }

    private static func charge(_ row: SQLRow) throws -> Charge {
        Charge(
            key: try row.string("charge_key"), paymentID: try row.string("payment_id"),
            reference: try row.string("reference"), bookingID: try row.string("booking_id"),
            userID: try row.string("user_id"),
            amount: Money(minorUnits: try row.int64("amount"), currency: try row.currency("currency")),
            state: try row.choice("state"),
            declineCode: try row.optionalString("decline_code"), lastFour: try row.optionalString("last_four"),
            createdAt: try row.timestamp("created_at"), isClaimed: try row.bool("is_claimed"),
            refundedMinorUnits: try row.int64("refunded"))
    }
}
