import Contracts
import DatabaseKit
import ServiceKit

/// Rows of `authorizations`.
enum AuthorizationTable {
    private static let select = """
        SELECT payment_id, reference, user_id, amount, currency, state, decline_code, last_four, created_at, expires_at,
            return_attempt
        FROM authorizations
        """

    static func find(_ paymentID: String, _ session: any SQLSession) throws -> Authorization? {
        try session.first(select + " WHERE payment_id = $1", paymentID).map(authorization)
    }

    /// The newest payment that `userID` made under the name `intent` since `time`.
    static func find(
        intent: String, of userID: String, since time: Timestamp, _ session: any SQLSession
    ) throws -> Authorization? {
        try session.first(
            select + """
                 WHERE user_id = $1 AND intent = $2 AND created_at > $3
                ORDER BY created_at DESC, payment_id DESC LIMIT 1
                """, userID, intent, time
        ).map(authorization)
    }

    /// How many payments of `userID` nothing was bought with yet.
    static func unclaimed(of userID: String, _ session: any SQLSession) throws -> Int {
        try session.query(
            "SELECT COUNT(*) FROM authorizations WHERE user_id = $1 AND state IN ('Pending', 'Authorized')", userID)[0]
            .int(0)
    }

    static func insert(_ new: Authorization, intent: String?, _ session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO authorizations (payment_id, reference, user_id, intent, amount, currency, state, last_four,
                created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            new.paymentID, new.reference, new.userID, intent, new.amount.minorUnits, new.amount.currency.code,
            new.state.rawValue, new.lastFour, new.createdAt, new.expiresAt)
    }

    /// Moves a payment from one state to another; returns whether it was in the first one.
    static func move(
        _ paymentID: String, from old: Authorization.State, to new: Authorization.State, declineCode: String? = nil,
        _ session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            UPDATE authorizations SET state = $3, decline_code = COALESCE($4, decline_code)
            WHERE payment_id = $1 AND state = $2
            """, paymentID, old.rawValue, new.rawValue, declineCode) == 1
    }

    /// Counts an attempt to give a payment back that the provider refused, once.
    static func countReturn(_ payment: Authorization, _ session: any SQLSession) throws {
        try session.execute(
            """
            UPDATE authorizations SET return_attempt = return_attempt + 1
            WHERE payment_id = $1 AND return_attempt = $2
            """, payment.paymentID, payment.returnAttempt)
    }

    /// Gives the payment called `reference` to the order's booking: one compare-and-set on state, buyer, amount,
    /// currency and time.
    static func claim(
        _ reference: String, for order: ChargeOrder, at now: Timestamp, _ session: any SQLSession
    ) throws -> Authorization {
        let claimed = try session.execute(
            """
            UPDATE authorizations SET state = 'Claimed', booking_id = $5, charge_key = $6
            WHERE reference = $1 AND state = 'Authorized' AND user_id = $2 AND amount = $3 AND currency = $4
            AND expires_at > $7
            """,
            reference, order.userID, order.amount.minorUnits, order.amount.currency.code, order.bookingID, order.key,
            now)
        let payment = try session.first(select + " WHERE reference = $1", reference).map(authorization)
        guard let payment, payment.userID == order.userID, payment.amount == order.amount else {
            throw PaymentRefusal.referenceInvalid
        }
        guard claimed == 1 else {
            throw payment.state == .claimed ? PaymentRefusal.referenceUsed : .referenceInvalid
        }
        return payment
    }

    /// Up to `limit` payments in `state` that were made by `time`, in the order of their ids, from after one.
    static func all(
        in state: Authorization.State, madeBy time: Timestamp, after paymentID: String, limit: Int,
        _ session: any SQLSession
    ) throws -> [Authorization] {
        try session.query(
            select + " WHERE state = $1 AND payment_id > $2 AND created_at <= $3 ORDER BY payment_id LIMIT $4",
            state.rawValue, paymentID, time, limit
        ).map(authorization)
    }

    /// Makes up to `limit` payments that nobody claimed by `now` unclaimable; returns how many.
    static func expire(at now: Timestamp, limit: Int, _ session: any SQLSession) throws -> Int {
        try session.execute(
            """
            UPDATE authorizations SET state = 'Releasing' WHERE payment_id IN (
                SELECT payment_id FROM authorizations
                WHERE state IN ('Pending', 'Authorized') AND expires_at <= $1 ORDER BY expires_at LIMIT $2)
            """, now, limit)
    }

    /// Whether a payment is due to be given back.
    static func hasWork(at now: Timestamp, _ session: any SQLSession) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM authorizations
            WHERE (state IN ('Pending', 'Authorized') AND expires_at <= $1) OR state = 'Releasing' LIMIT 1
            """, now) != nil
    }

    private static func authorization(_ row: SQLRow) throws -> Authorization {
        Authorization(
            paymentID: try row.string("payment_id"), reference: try row.string("reference"),
            userID: try row.string("user_id"),
            amount: Money(minorUnits: try row.int64("amount"), currency: try row.currency("currency")),
            state: try row.choice("state"), declineCode: try row.optionalString("decline_code"),
            lastFour: try row.optionalString("last_four"), createdAt: try row.timestamp("created_at"),
            expiresAt: try row.timestamp("expires_at"), returnAttempt: try row.int("return_attempt"))
    }
}
