import Contracts
import DatabaseKit
import ServiceKit

extension CancellationStore {
    /// Takes up to `limit` cancellations whose leases have ended, the longest waiting first; each gets a new epoch, so
    /// that its former worker can change nothing any more.
    func takeUp(owner: String, lease: Duration, limit: Int) async throws -> [Cancellation] {
        let now = clock.now()
        let isAnyDue = try await database.read { session in
            try session.first(
                "SELECT 1 FROM cancellations WHERE phase <> 'done' AND lease_until <= $1 LIMIT 1", now) != nil
        }
        guard isAnyDue else { return [] }
        return try await database.write { session in
            try session.query(
                """
                UPDATE cancellations SET lease_owner = $1, lease_until = $2, lease_epoch = lease_epoch + 1,
                    recoveries = recoveries + 1
                WHERE lease_until <= $3 AND phase <> 'done' AND (booking_id, number) IN (
                    SELECT booking_id, number FROM cancellations WHERE phase <> 'done' AND lease_until <= $3
                    ORDER BY lease_until LIMIT $4)
                RETURNING \(CancellationTable.columns)
                """, owner, now + lease, now, limit
            ).map(CancellationTable.cancellation)
        }
    }

    /// Leaves a cancellation to whichever worker looks for work after `time`.
    func handOver(_ cancellation: Cancellation, until time: Timestamp) async throws {
        try await database.write { session in
            try session.execute(
                """
                UPDATE cancellations SET lease_until = $5
                WHERE booking_id = $1 AND number = $2 AND phase = $3 AND lease_epoch = $4
                """,
                cancellation.bookingID, cancellation.number, cancellation.phase.rawValue, cancellation.lease.epoch,
                time)
        }
    }

    /// Whether money or places of a booking are still on their way.
    func isUnfinished(_ bookingID: String) async throws -> Bool {
        try await database.read { try Self.isUnfinished(bookingID, $0) }
    }

    /// ``isUnfinished(_:)``, as a caller's transaction sees it.
    static func isUnfinished(_ bookingID: String, _ session: any SQLSession) throws -> Bool {
        try session.first(
            "SELECT 1 FROM cancellations WHERE booking_id = $1 AND phase <> 'done' LIMIT 1", bookingID) != nil
    }

    /// A booking as it is now.
    func booking(_ id: String) async throws -> BookingStore.Found? {
        try await database.read { session in try BookingStore.find(id, session) }
    }
}
