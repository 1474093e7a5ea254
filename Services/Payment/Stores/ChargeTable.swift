import Contracts
import DatabaseKit

/// Rows of `charges`, read together with what the ledger says was given back.
enum ChargeTable {
    private static let select = """
        SELECT c.charge_key, c.payment_id, c.reference, c.booking_id, c.user_id, c.amount, c.currency, c.state,
            c.decline_code, c.last_four, c.created_at,
            (SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM ledger l
             WHERE l.charge_key = c.charge_key AND l.kind = 'refund') AS refunded
        FROM charges c
        """

    static func find(_ key: String, _ session: any SQLSession) throws -> Charge? {
        try session.first(select + " WHERE c.charge_key = $1", key).map(charge)
    }

    /// The payment called `paymentID`, if `userID` made it.
    static func find(paymentID: String, of userID: String, _ session: any SQLSession) throws -> Charge? {
        try session.first(select + " WHERE c.payment_id = $1 AND c.user_id = $2", paymentID, userID).map(charge)
    }

    /// Inserts a new charge unless the key is taken; returns whether it was.
    static func insert(_ charge: Charge, _ session: any SQLSession) throws -> Bool {
        try session.execute(
            """
            INSERT INTO charges (charge_key, payment_id, reference, booking_id, user_id, amount, currency, state,
                last_four, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
            ON CONFLICT (charge_key) DO NOTHING
            """,
            charge.key, charge.paymentID, charge.reference, charge.bookingID, charge.userID, charge.amount.minorUnits,
            charge.amount.currency.code, charge.state.rawValue, charge.lastFour, charge.createdAt.milliseconds) == 1
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
            """, key, old.rawValue, new.rawValue, declineCode, reference, now.milliseconds) == 1
    }

    private static func charge(_ row: SQLRow) throws -> Charge {
        guard let state = ChargeState(rawValue: try row.string("state")),
            let currency = Currency(code: try row.string("currency"))
        else {
            throw DatabaseError(.decoding, "charges holds an unknown state or currency")
        }
        return Charge(
            key: try row.string("charge_key"), paymentID: try row.string("payment_id"),
            reference: try row.string("reference"), bookingID: try row.string("booking_id"),
            userID: try row.string("user_id"),
            amount: Money(minorUnits: try row.int64("amount"), currency: currency), state: state,
            declineCode: try row.optionalString("decline_code"), lastFour: try row.optionalString("last_four"),
            createdAt: Timestamp(milliseconds: try row.int64("created_at")),
            refundedMinorUnits: try row.int64("refunded"))
    }
}
