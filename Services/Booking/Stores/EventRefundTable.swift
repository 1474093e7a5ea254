import Contracts
import DatabaseKit
import ServiceKit

/// The SQL on the refunds of cancelled events, within a caller's transaction.
enum EventRefundTable {
    static let columns = "event_id, version, state, position, lease_owner, lease_until, lease_epoch"

    /// Notes that an event was cancelled; one whose refunds are under way goes on.
    static func note(_ event: EventCopy, at now: Timestamp, _ session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO event_refunds (event_id, version, state, position, lease_owner, lease_until, lease_epoch)
            VALUES ($1, $2, 'due', '', '', $3, 0)
            ON CONFLICT (event_id) DO UPDATE SET version = excluded.version, state = 'due', position = '',
                lease_until = excluded.lease_until
            WHERE event_refunds.version < excluded.version AND event_refunds.state IN ('done', 'stopped')
            """, event.id, event.version, now)
    }

    static func refund(_ row: SQLRow) throws -> EventRefund {
        EventRefund(
            eventID: try row.string("event_id"), version: try row.int64("version"), state: try row.choice("state"),
            position: try row.string("position"),
            lease: SagaLease(
                owner: try row.string("lease_owner"), until: try row.timestamp("lease_until"),
                epoch: try row.int64("lease_epoch")))
    }
}
