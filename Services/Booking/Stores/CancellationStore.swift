import Contracts
import DatabaseKit
import ServiceKit

/// What cancelling a booking records, each record one durable transaction and a compare-and-set on (phase, lease epoch).
struct CancellationStore: Sendable {
    let database: any Database
    let clock: any WallClock

    private let keys = IdempotencyStore()

    init(database: any Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What somebody who wants to cancel finds.
    enum Beginning: Sendable, Hashable {
        case begun(Cancellation)
        /// Everything that was asked for is cancelled already; unless all is finished, money or places of the booking are
        /// still on their way.
        case nothingToDo(BookingStore.Found, isFinished: Bool)
        /// The request was executed: this was its answer.
        case replay(StoredReply)
    }

    /// Takes tickets back and stores what must follow, with the key of the request.
    ///
    /// Check-in, transfer and other cancellations change tickets by the same conditional update, so that of two of them
    /// one wins.
    ///
    /// - Throws: ``CancellationRefusal``; then nothing was written
    func begin(
        _ order: CancellationOrder, repliesWith reply: @escaping @Sendable (BookingStore.Found) throws -> StoredReply
    ) async throws -> Beginning {
        let now = clock.now()
        return try await database.write(.refusable) { [keys] session in
            if let known = try order.key?.known(keys, at: now, session) {
                if let reply = try Self.reply(known) { return .replay(reply) }
            }
            // Takes the booking's lock as well: other cancellations of it wait here and then see this one's tickets.
            let number = try Self.nextNumber(order, session)
            // Known before the booking is read, so that what is kept never shows what was still on its way.
            let isFinished = try !Self.isUnfinished(order.bookingID, session)
            guard let found = try Self.found(order, session) else { throw CancellationRefusal.bookingUnknown }
            let wanted = try Self.wanted(order, of: found)
            guard !wanted.isEmpty else {
                if isFinished { try order.key?.keep(try reply(found), keys, at: now, session) }
                return .nothingToDo(found, isFinished: isFinished)
            }
            guard let number else { throw Self.refusal(of: found.booking) }
            return .begun(try self.take(wanted, of: found, number: number, order, at: now, session))
        }
    }

    private static func reply(_ beginning: IdempotencyStore.Beginning) throws -> StoredReply? {
        switch beginning {
        case .started: nil
        case .replay(let reply): reply
        case .mismatch: throw CancellationRefusal.keyReused
        case .inFlight(let retryAfter): throw CancellationRefusal.requestInProgress(retryAfter: retryAfter)
        }
    }

    private static func nextNumber(_ order: CancellationOrder, _ session: any SQLSession) throws -> Int64? {
        try session.first(
            """
            UPDATE bookings SET cancellations = cancellations + 1
            WHERE booking_id = $1 AND status = 'Confirmed' AND (user_id = $2 OR $2 IS NULL)
            RETURNING cancellations
            """, order.bookingID, order.userID
        )?.int64("cancellations")
    }

    private static func found(_ order: CancellationOrder, _ session: any SQLSession) throws -> BookingStore.Found? {
        let found = try BookingStore.find(order.bookingID, session)
        return order.userID == nil || found?.booking.userID == order.userID ? found : nil
    }

    /// The tickets that are to be taken back now; empty when all that are asked for were taken back before.
    private static func wanted(_ order: CancellationOrder, of found: BookingStore.Found) throws -> [Ticket] {
        if let ids = order.ticketIDs {
            let unknown = Set(ids).subtracting(found.tickets.map(\.id))
            guard unknown.isEmpty else { throw CancellationRefusal.ticketsUnknown(unknown.sorted()) }
        }
        let asked = order.ticketIDs.map(Set.init)
        let open = found.tickets.filter { $0.isActive && asked?.contains($0.id) != false }
        guard !open.isEmpty else {
            // A booking without tickets never had any to take back.
            guard !found.tickets.isEmpty else { throw refusal(of: found.booking) }
            return []
        }
        if let refusal = order.refusal { throw refusal }
        let used = open.filter { !order.cancellable.contains($0.status) }
        guard used.isEmpty else { throw CancellationRefusal.ticketsUsed(used.map(\.id)) }
        if let buyer = order.userID {
            let foreign = open.filter { $0.userID != buyer }
            guard foreign.isEmpty else { throw CancellationRefusal.ticketsTransferred(foreign.map(\.id)) }
        }
        return open
    }

    private static func refusal(of booking: Booking) -> CancellationRefusal {
        booking.status == .pending ? .bookingPending : .bookingNotConfirmed(booking.status)
    }

    private func take(
        _ tickets: [Ticket], of found: BookingStore.Found, number: Int64, _ order: CancellationOrder,
        at now: Timestamp, _ session: any SQLSession
    ) throws -> Cancellation {
        guard let deal = found.booking.deal else { throw CancellationRefusal.bookingUnknown }
        for ticket in tickets {
            guard try TicketTable.cancel(ticket, at: now, session) else { throw CancellationRefusal.raced }
        }
        var after = found.booking
        if found.tickets.count(where: \.isActive) == tickets.count {
            after.status = .cancelled
            after.cancelledAt = now
            try session.execute(
                "UPDATE bookings SET status = 'Cancelled', cancelled_at = $2 WHERE booking_id = $1",
                after.id, now)
        }
        let amount = tickets.reduce(0) { $0 + $1.price.minorUnits }
        let cancellation = Cancellation(
            bookingID: after.id, number: number, eventID: deal.eventID, reservationID: after.reservationID,
            reason: order.reason, actor: order.actor, ticketIDs: tickets.map(\.id),
            amount: Money(minorUnits: amount, currency: deal.total.currency),
            phase: amount > 0 ? .refunding : .releasing, claim: try claim(order, at: now, session),
            lease: order.lease, recoveries: 0)
        try CancellationTable.insert(cancellation, at: now, session)
        try AuditEntry(
            actor: order.actor, action: .cancelled, bookingID: after.id, eventID: deal.eventID, at: now,
            before: found.booking.auditText(), after: after.auditText(cancellation.ticketIDs)
        ).insert(session)
        return cancellation
    }

    /// The key's claim, kept as long as answers are: what frees it after a crash is the cancellation's own recovery.
    private func claim(
        _ order: CancellationOrder, at now: Timestamp, _ session: any SQLSession
    ) throws -> IdempotencyClaim? {
        guard let key = order.key else { return nil }
        let beginning = try keys.begin(
            session, scope: key.scope, key: key.key, fingerprint: key.fingerprint, now: now,
            lease: IdempotencyStore.retention)
        guard case .started(let claim) = beginning else { throw CancellationRefusal.raced }
        return claim
    }

    /// Records that the money went back; the places come next.
    ///
    /// - Parameter refunded: what has gone back of the booking's charge in all, in minor units. Other cancellations may
    ///   have recorded more by now; it never becomes less
    /// - Returns: false when another worker has the cancellation; then nothing was written, here and below
    func recordRefunded(_ cancellation: Cancellation, inAll refunded: Int64, actor: String) async throws -> Bool {
        let now = clock.now()
        return try await database.write { session in
            guard try Self.move(cancellation, to: .releasing, session) else { return false }
            guard let before = try BookingStore.find(cancellation.bookingID, session)?.booking else { return false }
            var after = before
            after.refundedMinorUnits = max(before.refundedMinorUnits, refunded)
            let isWhole = after.refundedMinorUnits >= before.deal?.total.minorUnits ?? 0
            after.paymentStatus = isWhole ? .refunded : .partiallyRefunded
            try session.execute(
                """
                UPDATE bookings SET
                    refunded_minor = CASE WHEN refunded_minor > $2 THEN refunded_minor ELSE $2 END,
                    payment_status = CASE WHEN refunded_minor >= total_minor OR $2 >= total_minor
                        THEN 'Refunded' ELSE 'PartiallyRefunded' END
                WHERE booking_id = $1
                """, before.id, refunded)
            try AuditEntry(
                actor: actor, action: .refunded, bookingID: before.id, eventID: cancellation.eventID, at: now,
                before: before.auditText(), after: after.auditText(cancellation.ticketIDs)
            ).insert(session)
            return true
        }
    }

    /// Records that the places are free and nothing is left to do, with the answer to the request.
    ///
    /// - Returns: the booking as it is now; nil when another worker has the cancellation
    func recordReleased(
        _ cancellation: Cancellation, actor: String,
        repliesWith reply: @escaping @Sendable (BookingStore.Found) throws -> StoredReply
    ) async throws -> BookingStore.Found? {
        let now = clock.now()
        return try await database.write { [keys] session in
            guard try Self.move(cancellation, to: .done, session) else { return nil }
            guard let found = try BookingStore.find(cancellation.bookingID, session) else { return nil }
            try AuditEntry(
                actor: actor, action: .released, bookingID: cancellation.bookingID, eventID: cancellation.eventID,
                at: now, before: found.booking.auditText(), after: found.booking.auditText(cancellation.ticketIDs)
            ).insert(session)
            if let claim = cancellation.claim { try keys.complete(session, claim, try reply(found)) }
            return found
        }
    }

    private static func move(
        _ cancellation: Cancellation, to phase: Cancellation.Phase, _ session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            UPDATE cancellations SET phase = $5
            WHERE booking_id = $1 AND number = $2 AND phase = $3 AND lease_epoch = $4
            """,
            cancellation.bookingID, cancellation.number, cancellation.phase.rawValue, cancellation.lease.epoch,
            phase.rawValue) == 1
    }
}
