import Contracts
import DatabaseKit
import ServiceKit

/// Writes cancellations into rows and reads them out again.
enum CancellationTable {
    static let columns = """
        booking_id, number, event_id, reservation_id, reason, actor, tickets, amount_minor, currency, phase, scope,
        idempotency_key, claim, lease_owner, lease_until, lease_epoch, recoveries
        """

    static func insert(_ new: Cancellation, at now: Timestamp, _ session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO cancellations (
                booking_id, number, event_id, reservation_id, reason, actor, tickets, amount_minor, currency, phase,
                scope, idempotency_key, claim, created_at, lease_owner, lease_until, lease_epoch, recoveries)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0)
            """,
            new.bookingID, new.number, new.eventID, new.reservationID, new.reason.rawValue, new.actor,
            new.ticketIDs.joined(separator: ","), new.amount.minorUnits, new.amount.currency.code, new.phase.rawValue,
            new.claim?.scope, new.claim?.key.text, new.claim?.number, now, new.lease.owner, new.lease.until,
            new.lease.epoch)
    }

    static func cancellation(_ row: SQLRow) throws -> Cancellation {
        Cancellation(
            bookingID: try row.string("booking_id"), number: try row.int64("number"),
            eventID: try row.string("event_id"), reservationID: try row.string("reservation_id"),
            reason: try row.choice("reason"), actor: try row.string("actor"),
            ticketIDs: try row.string("tickets").split(separator: ",").map(String.init),
            amount: Money(minorUnits: try row.int64("amount_minor"), currency: try row.currency("currency")),
            phase: try row.choice("phase"), claim: try claim(row),
            lease: SagaLease(
                owner: try row.string("lease_owner"), until: try row.timestamp("lease_until"),
                epoch: try row.int64("lease_epoch")),
            recoveries: try row.int("recoveries"))
    }

    private static func claim(_ row: SQLRow) throws -> IdempotencyClaim? {
        guard let scope = try row.optionalString("scope"), let text = try row.optionalString("idempotency_key"),
            let key = IdempotencyKey(text)
        else { return nil }
        return IdempotencyClaim(scope: scope, key: key, number: try row.int64("claim"))
    }
}
