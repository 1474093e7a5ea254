import Contracts
import DatabaseKit
import ServiceKit

/// What a saga records, each record one durable transaction and a compare-and-set on (phase, lease epoch).
struct SagaStore: Sendable {
    let database: any Database
    let clock: any WallClock

    private let keys = IdempotencyStore()

    init(database: any Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What a request that wants to confirm finds.
    enum Beginning: Sendable, Hashable {
        case started(Booking)
        /// The request was executed: this was its answer.
        case replay(StoredReply)
        /// The request was answered that its outcome is not known yet, and it still is not.
        case acknowledged(Booking)
        /// The request is being executed.
        case inFlight
        /// The key was used for another request.
        case mismatch
        /// Another key's booking has the reservation.
        case reservationTaken(BookingStatus)
        /// The reservation is another user's.
        case reservationForeign
        /// The reference is in use; another one must be drawn.
        case referenceTaken
    }

    /// Stores the key and the booking together, or says what stands in the way.
    ///
    /// The key is claimed for as long as answers are kept: what frees it after a crash is not its own lease but the
    /// booking's, whose recovery completes or abandons the key.
    func begin(_ new: NewBooking, key: IdempotencyKey, fingerprint: String) async throws -> Beginning {
        try await database.write { [keys] session in
            let beginning = try keys.begin(
                session, scope: new.userID, key: key, fingerprint: fingerprint, now: new.createdAt,
                lease: IdempotencyStore.retention)
            guard case .started(let claim) = beginning else {
                return try Self.known(beginning, key, of: new.userID, session) ?? .inFlight
            }
            if let booking = try Self.insert(new, claim, session) { return .started(booking) }
            try keys.abandon(session, claim)
            guard let active = try Self.active(new.reservationID, session) else { return .referenceTaken }
            return Self.isForeign(active, to: new.userID) ? .reservationForeign : .reservationTaken(active.status)
        }
    }

    /// Whether a reservation is known to be another user's by its booking: before it is pinned anybody may have tried.
    private static func isForeign(_ active: Booking, to userID: String) -> Bool {
        active.userID != userID && active.phase != .pinning
    }

    /// What became of an earlier request under `key`; nil when there was none.
    func known(
        _ key: IdempotencyKey, fingerprint: String, of userID: String, at now: Timestamp
    ) async throws -> Beginning? {
        try await database.read { [keys] session in
            let beginning = try keys.find(session, scope: userID, key: key, fingerprint: fingerprint, now: now)
            return try beginning.flatMap { try Self.known($0, key, of: userID, session) }
        }
    }

    private static func known(
        _ beginning: IdempotencyStore.Beginning, _ key: IdempotencyKey, of userID: String, _ session: any SQLSession
    ) throws -> Beginning? {
        switch beginning {
        case .started: nil
        case .replay(let reply): .replay(reply)
        case .mismatch: .mismatch
        case .inFlight: try acknowledged(key, of: userID, session).map(Beginning.acknowledged) ?? .inFlight
        }
    }

    /// The booking that runs under `key`, when its buyer was told that the outcome is not known yet.
    private static func acknowledged(
        _ key: IdempotencyKey, of userID: String, _ session: any SQLSession
    ) throws -> Booking? {
        try session.first(
            """
            SELECT \(BookingTable.columns) FROM bookings
            WHERE user_id = $1 AND idempotency_key = $2 AND acknowledged = 1 AND status = 'Pending'
            """, userID, key.text
        ).map(BookingTable.booking)
    }

    private static func insert(
        _ new: NewBooking, _ claim: IdempotencyClaim, _ session: any SQLSession
    ) throws -> Booking? {
        let inserted = try session.execute(
            """
            INSERT INTO bookings (
                booking_id, reference, user_id, reservation_id, idempotency_key, claim, phase, status, payment_status,
                acknowledged, created_at, lease_owner, lease_until, lease_epoch, recoveries)
            VALUES ($1, $2, $3, $4, $5, $6, 'pinning', 'Pending', 'Pending', 0, $7, $8, $9, $10, 0)
            ON CONFLICT DO NOTHING
            """,
            new.id, new.reference, new.userID, new.reservationID, claim.key.text, claim.number, new.createdAt,
            new.lease.owner, new.lease.until, new.lease.epoch)
        guard inserted == 1 else { return nil }
        return Booking(
            id: new.id, reference: new.reference, userID: new.userID, reservationID: new.reservationID, claim: claim,
            phase: .pinning, status: .pending, paymentStatus: .pending, isAcknowledged: false,
            createdAt: new.createdAt, lease: new.lease, recoveries: 0)
    }

    private static func active(_ reservationID: String, _ session: any SQLSession) throws -> Booking? {
        try session.first(
            """
            SELECT \(BookingTable.columns) FROM bookings
            WHERE reservation_id = $1 AND status IN ('Pending', 'Confirmed')
            """, reservationID
        ).map(BookingTable.booking)
    }

    /// Records what is bought, before the buyer is charged.
    ///
    /// - Returns: false when another worker has the booking; then nothing was written, here and below
    func recordIntent(
        _ booking: Booking, _ deal: Booking.Deal, reservationID: String, leaseUntil: Timestamp
    ) async throws -> Bool {
        let purchase = try BookingTable.text(deal.purchase)
        return try await database.write { session in
            try session.execute(
                """
                UPDATE bookings SET phase = 'charging', reservation_id = $4, event_id = $5, currency = $6,
                    total_minor = $7, purchase = $8, gives_up_at = $9, lease_until = $10
                WHERE booking_id = $1 AND phase = $2 AND lease_epoch = $3
                """,
                booking.id, booking.phase.rawValue, booking.lease.epoch, reservationID, deal.eventID,
                deal.total.currency.code, deal.total.minorUnits, purchase, deal.givesUpAt, leaseUntil) == 1
        }
    }

    /// Records the sale: the booking, its tickets, the answer and the audit entry, together.
    ///
    /// - Throws: ``SeatAlreadyTicketed``; then nothing was written
    func recordConfirmed(
        _ booking: Booking, _ tickets: [Ticket], at now: Timestamp, reply: StoredReply, audit: AuditEntry
    ) async throws -> Bool {
        try await database.write { [keys] session in
            let moved = try session.execute(
                """
                UPDATE bookings SET phase = 'done', status = 'Confirmed', payment_status = 'Success',
                    confirmed_at = $4
                WHERE booking_id = $1 AND phase = $2 AND lease_epoch = $3
                """, booking.id, booking.phase.rawValue, booking.lease.epoch, now)
            guard moved == 1 else { return false }
            for ticket in tickets { try TicketTable.insert(ticket, session) }
            try audit.insert(session)
            try keys.complete(session, booking.claim, reply)
            return true
        }
    }

    /// Records an outcome other than a sale together with its answer; what is left is to let go of the hold.
    func recordEnded(
        _ booking: Booking, status: BookingStatus, paymentStatus: PaymentStatus, failure: FailureReason,
        reply: StoredReply, audit: AuditEntry
    ) async throws -> Bool {
        try await database.write { [keys] session in
            let moved = try session.execute(
                """
                UPDATE bookings SET phase = 'releasing', status = $4, payment_status = $5, failure = $6
                WHERE booking_id = $1 AND phase = $2 AND lease_epoch = $3
                """,
                booking.id, booking.phase.rawValue, booking.lease.epoch, status.rawValue, paymentStatus.rawValue,
                failure.rawValue)
            guard moved == 1 else { return false }
            try audit.insert(session)
            try keys.complete(session, booking.claim, reply)
            return true
        }
    }

    /// Records that the money was taken and must go back, before it is sent back.
    func recordRefundDue(_ booking: Booking, _ failure: FailureReason, audit: AuditEntry) async throws -> Bool {
        try await database.write { session in
            let moved = try session.execute(
                """
                UPDATE bookings SET phase = 'refunding', payment_status = 'Success', failure = $4
                WHERE booking_id = $1 AND phase = $2 AND lease_epoch = $3
                """, booking.id, booking.phase.rawValue, booking.lease.epoch, failure.rawValue)
            guard moved == 1 else { return false }
            try audit.insert(session)
            return true
        }
    }

    /// Records that nothing is left to do.
    func recordReleased(_ booking: Booking) async throws -> Bool {
        try await database.write { session in
            try session.execute(
                """
                UPDATE bookings SET phase = 'done' WHERE booking_id = $1 AND phase = $2 AND lease_epoch = $3
                """, booking.id, booking.phase.rawValue, booking.lease.epoch) == 1
        }
    }

    /// Deletes a booking that was refused before it was executed, and lets go of its key.
    func drop(_ booking: Booking) async throws -> Bool {
        try await database.write { [keys] session in
            let deleted = try session.execute(
                "DELETE FROM bookings WHERE booking_id = $1 AND phase = $2 AND lease_epoch = $3",
                booking.id, booking.phase.rawValue, booking.lease.epoch)
            guard deleted == 1 else { return false }
            try keys.abandon(session, booking.claim)
            return true
        }
    }

    /// Leaves the booking to whichever worker looks for work after `time`.
    ///
    /// - Parameter acknowledged: whether its buyer is now told that the outcome is not known yet
    func handOver(_ booking: Booking, until time: Timestamp, acknowledged: Bool) async throws -> Bool {
        try await database.write { session in
            try session.execute(
                """
                UPDATE bookings SET lease_until = $4,
                    acknowledged = CASE WHEN $5 = 1 THEN 1 ELSE acknowledged END
                WHERE booking_id = $1 AND phase = $2 AND lease_epoch = $3
                """,
                booking.id, booking.phase.rawValue, booking.lease.epoch, time, acknowledged) == 1
        }
    }
}
