import Contracts
import DatabaseKit
import ServiceKit

/// Keeps the refunds of cancelled events: who works on them, how far they have come.
struct EventRefundStore: Sendable {
    let database: any Database
    let clock: any WallClock

    /// Takes up to `limit` of them whose leases have ended; each gets a new epoch.
    func takeUp(owner: String, lease: Duration, limit: Int) async throws -> [EventRefund] {
        let now = clock.now()
        let isAnyDue = try await database.read { session in
            try session.first(
                """
                SELECT 1 FROM event_refunds WHERE state IN ('due', 'running') AND lease_until <= $1 LIMIT 1
                """, now) != nil
        }
        guard isAnyDue else { return [] }
        return try await database.write { session in
            try session.query(
                """
                UPDATE event_refunds SET lease_owner = $1, lease_until = $2, lease_epoch = lease_epoch + 1
                WHERE state IN ('due', 'running') AND lease_until <= $3 AND event_id IN (
                    SELECT event_id FROM event_refunds WHERE state IN ('due', 'running') AND lease_until <= $3
                    ORDER BY lease_until LIMIT $4)
                RETURNING \(EventRefundTable.columns)
                """, owner, now + lease, now, limit
            ).map(EventRefundTable.refund)
        }
    }

    /// Records how far a worker has come; it keeps its lease, or gives it up until `time`.
    ///
    /// - Returns: false when another worker has it
    func record(_ refund: EventRefund, leaseUntil time: Timestamp) async throws -> Bool {
        let now = clock.now()
        return try await database.write { session in
            try session.execute(
                """
                UPDATE event_refunds SET state = $3, position = $4, lease_until = $5,
                    began_at = CASE WHEN began_at IS NULL AND $3 = 'running' THEN $6 ELSE began_at END,
                    finished_at = CASE WHEN $3 = 'done' THEN $6 ELSE NULL END
                WHERE event_id = $1 AND lease_epoch = $2
                """,
                refund.eventID, refund.lease.epoch, refund.state.rawValue, refund.position, time, now) == 1
        }
    }

    /// Up to `limit` confirmed bookings of an event after the one called `id`, in the order of their ids.
    func confirmed(ofEvent eventID: String, after id: String, limit: Int) async throws -> [String] {
        try await database.read { session in
            try session.query(
                """
                SELECT booking_id FROM bookings WHERE event_id = $1 AND booking_id > $2 AND status = 'Confirmed'
                ORDER BY booking_id LIMIT $3
                """, eventID, id, limit
            ).map { try $0.string(0) }
        }
    }

    /// Whether a booking of an event still stands or may yet, or something of it is still on its way back.
    func isUnsettled(_ eventID: String) async throws -> Bool {
        try await database.read { session in
            try session.first(
                "SELECT 1 FROM bookings WHERE event_id = $1 AND status IN ('Pending', 'Confirmed') LIMIT 1", eventID)
                != nil
                || session.first(
                    """
                    SELECT 1 FROM cancellations
                    WHERE event_id = $1 AND reason = 'event-cancelled' AND phase <> 'done' LIMIT 1
                    """, eventID) != nil
        }
    }

    /// How far the refunds of an event have come, counted.
    func progress(of eventID: String) async throws -> EventRefundsDocument {
        try await database.read { session in
            let row = try session.first(
                "SELECT state, began_at, finished_at FROM event_refunds WHERE event_id = $1", eventID)
            let began = try row?.optionalTimestamp("began_at")
            let state: EventRefund.State? = try row?.choice("state")
            let cancelled = try session.query(
                """
                SELECT phase, currency, COUNT(*) AS bookings, CAST(SUM(amount_minor) AS BIGINT) AS amount
                FROM cancellations WHERE event_id = $1 AND reason = 'event-cancelled' GROUP BY phase, currency
                """, eventID)
            let standing =
                began == nil || state == .done
                ? 0
                : try session.first(
                    "SELECT COUNT(*) FROM bookings WHERE event_id = $1 AND status = 'Confirmed'", eventID)?.int(0) ?? 0
            return try Self.document(eventID, state, began, row, cancelled, standing)
        }
    }

    private static func document(
        _ eventID: String, _ state: EventRefund.State?, _ began: Timestamp?, _ row: SQLRow?, _ cancelled: [SQLRow],
        _ standing: Int
    ) throws -> EventRefundsDocument {
        var bookings = standing
        var refunded = 0
        var amount: Int64 = 0
        var currency: Currency?
        for group in cancelled {
            let count = try group.int("bookings")
            bookings += count
            let phase: Cancellation.Phase = try group.choice("phase")
            if phase == .done { refunded += count }
            guard phase != .refunding else { continue }
            amount += try group.int64("amount")
            currency = try group.currency("currency")
        }
        let wire: EventRefundsDocument.State =
            switch state {
            case .due where began != nil, .running: .running
            case .done where began != nil: .done
            case nil, .due, .done, .stopped: .none
            }
        return EventRefundsDocument(
            eventId: eventID, state: wire, bookings: bookings, refunded: refunded,
            amountRefunded: Money(minorUnits: amount, currency: currency ?? .usd).amount, currency: currency?.code,
            startedAt: began, finishedAt: wire == .done ? try row?.optionalTimestamp("finished_at") : nil)
    }
}
