import Contracts
import DatabaseKit
import ServiceKit

extension SagaStore {
    /// Takes up to `limit` bookings whose leases have ended, the longest waiting first; each gets a new epoch, so that
    /// its former worker can change nothing any more.
    func takeUp(owner: String, lease: Duration, limit: Int) async throws -> [Booking] {
        let now = clock.now()
        guard try await isAnyDue(at: now) else { return [] }
        return try await database.write { session in
            try session.query(
                """
                UPDATE bookings SET lease_owner = $1, lease_until = $2, lease_epoch = lease_epoch + 1,
                    recoveries = recoveries + 1
                WHERE lease_until <= $3 AND phase <> 'done' AND booking_id IN (
                    SELECT booking_id FROM bookings WHERE phase <> 'done' AND lease_until <= $3
                    ORDER BY lease_until LIMIT $4)
                RETURNING \(BookingTable.columns)
                """, owner, now + lease, now, limit
            ).map(BookingTable.booking)
        }
    }

    /// Spares a quiet service a write unit at every look.
    private func isAnyDue(at now: Timestamp) async throws -> Bool {
        try await database.read { session in
            try session.first("SELECT 1 FROM bookings WHERE phase <> 'done' AND lease_until <= $1 LIMIT 1", now) != nil
        }
    }

    /// Forgets up to `limit` answers that were kept long enough; returns how many.
    func purgeAnswers(limit: Int) async throws -> Int {
        let time = clock.now() - IdempotencyStore.retention
        return try await database.write { session in
            try IdempotencyStore().purge(session, before: time, limit: limit)
        }
    }
}
