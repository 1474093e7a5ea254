import Contracts
import DatabaseKit
import Foundation
import ServiceKit

/// Reads bookings out of rows.
enum BookingTable {
    /// The columns that ``booking(_:)`` reads, in the table's order.
    static let columns = """
        booking_id, reference, user_id, reservation_id, idempotency_key, claim, phase, status, payment_status,
        event_id, currency, total_minor, purchase, gives_up_at, failure, acknowledged, created_at, confirmed_at,
        cancelled_at, refunded_minor, lease_owner, lease_until, lease_epoch, recoveries
        """

    static func booking(_ row: SQLRow) throws -> Booking {
        let userID = try row.string("user_id")
        return Booking(
            id: try row.string("booking_id"), reference: try row.string("reference"), userID: userID,
            reservationID: try row.string("reservation_id"), claim: try claim(row, userID),
            phase: try row.choice("phase"), status: try row.choice("status"),
            paymentStatus: try row.choice("payment_status"), deal: try deal(row),
            failure: try row.optionalString("failure").flatMap(FailureReason.init(rawValue:)),
            isAcknowledged: try row.bool("acknowledged"), createdAt: try row.timestamp("created_at"),
            confirmedAt: try row.optionalTimestamp("confirmed_at"),
            cancelledAt: try row.optionalTimestamp("cancelled_at"),
            refundedMinorUnits: try row.int64("refunded_minor"),
            lease: SagaLease(
                owner: try row.string("lease_owner"), until: try row.timestamp("lease_until"),
                epoch: try row.int64("lease_epoch")),
            recoveries: try row.int("recoveries"))
    }

    /// The text of a purchase as the column `purchase` keeps it.
    static func text(_ purchase: Purchase) throws -> String {
        String(decoding: try WireJSON.encoder.encode(purchase), as: UTF8.self)
    }

    private static func claim(_ row: SQLRow, _ userID: String) throws -> IdempotencyClaim {
        guard let key = IdempotencyKey(try row.string("idempotency_key")) else {
            throw DatabaseError(.decoding, "column \"idempotency_key\" holds no key")
        }
        return IdempotencyClaim(scope: userID, key: key, number: try row.int64("claim"))
    }

    private static func deal(_ row: SQLRow) throws -> Booking.Deal? {
        guard let eventID = try row.optionalString("event_id") else { return nil }
        let purchase = try WireJSON.decoder.decode(Purchase.self, from: Data(try row.string("purchase").utf8))
        return Booking.Deal(
            eventID: eventID,
            total: Money(minorUnits: try row.int64("total_minor"), currency: try row.currency("currency")),
            purchase: purchase, givesUpAt: try row.timestamp("gives_up_at"))
    }
}
