import Contracts
import Logging
import ServiceKit

/// The records of a saga, each with the answer and the audit entry that belong to it.
extension SagaRunner {
    func recordIntent(_ work: inout SagaWork) async throws -> SagaEvent {
        guard let deal = work.booking.deal else { return .unanswered }
        let reservationID = work.canonicalReservationID ?? work.booking.reservationID
        let isOurs = try await store.recordIntent(
            work.booking, deal, reservationID: reservationID, leaseUntil: clock.now() + timing.lease)
        work.booking.reservationID = reservationID
        return try await recorded(isOurs, .chargeIntended)
    }

    func recordConfirmed(_ work: inout SagaWork) async throws -> SagaEvent {
        let now = clock.now()
        let tickets = Ticket.make(for: work.booking, at: now)
        var confirmed = work.booking
        confirmed.status = .confirmed
        confirmed.paymentStatus = .success
        confirmed.confirmedAt = now
        let reply = try BookingAnswers.confirmed(confirmed, tickets)
        let audit = entry(.confirmed, from: work.booking, to: confirmed, tickets, work, now)
        do {
            let isOurs = try await store.recordConfirmed(work.booking, tickets, at: now, reply: reply, audit: audit)
            if isOurs {
                work.booking = confirmed
                work.reply = reply
            }
            return try await recorded(isOurs, .confirmRecorded)
        } catch let conflict as SeatAlreadyTicketed {
            logger.critical(
                "a seat that inventory sold has another ticket; refunding",
                metadata: [
                    "bookingId": "\(work.booking.id)", "eventId": "\(conflict.eventID)",
                    "seat": "\(conflict.seatNumber ?? "-")",
                ])
            return .seatTaken
        }
    }

    func recordFailed(_ reason: FailureReason, _ work: inout SagaWork) async throws -> SagaEvent {
        try await reach(.beforeFail)
        var failed = work.booking
        failed.status = .failed
        failed.paymentStatus = .failed
        return try await end(as: failed, reason, .failed, .failRecorded, &work)
    }

    func recordRefunded(_ reason: FailureReason, _ work: inout SagaWork) async throws -> SagaEvent {
        var refunded = work.booking
        refunded.status = .refunded
        refunded.paymentStatus = .refunded
        return try await end(as: refunded, reason, .refunded, .refundRecorded, &work)
    }

    private func end(
        as ended: Booking, _ reason: FailureReason, _ action: AuditEntry.Action, _ point: SagaPoint,
        _ work: inout SagaWork
    ) async throws -> SagaEvent {
        var ended = ended
        ended.failure = reason
        let reply = try BookingAnswers.failed(reason, declineDetail: work.declineDetail)
        let audit = entry(action, from: work.booking, to: ended, [], work, clock.now())
        let isOurs = try await store.recordEnded(
            work.booking, status: ended.status, paymentStatus: ended.paymentStatus, failure: reason, reply: reply,
            audit: audit)
        if isOurs {
            work.booking = ended
            work.reply = reply
        }
        return try await recorded(isOurs, point)
    }

    func recordRefundDue(_ reason: FailureReason, _ work: inout SagaWork) async throws -> SagaEvent {
        var due = work.booking
        due.paymentStatus = .success
        due.failure = reason
        let audit = entry(.refundDue, from: work.booking, to: due, [], work, clock.now())
        let isOurs = try await store.recordRefundDue(work.booking, reason, audit: audit)
        if isOurs { work.booking = due }
        return try await recorded(isOurs, .refundDueRecorded)
    }

    /// Leaves the booking to recovery, and notes when its buyer is told to wait for the outcome.
    ///
    /// - Returns: false when another worker has it already
    func handOver(_ work: SagaWork) async throws -> Bool {
        let acknowledged = !work.isRecovery && work.isAwaitingOutcome
        let isOurs = try await store.handOver(
            work.booking, until: clock.now() + timing.pause(after: work.booking.recoveries),
            acknowledged: acknowledged)
        if isOurs { try await reach(.handOverRecorded) }
        return isOurs
    }

    private func entry(
        _ action: AuditEntry.Action, from before: Booking, to after: Booking, _ tickets: [Ticket], _ work: SagaWork,
        _ now: Timestamp
    ) -> AuditEntry {
        AuditEntry(
            actor: work.actor, action: action, bookingID: work.booking.id,
            eventID: work.booking.deal?.eventID, at: now,
            before: before.auditText(), after: after.auditText(tickets.map(\.id)))
    }
}

extension SagaWork {
    /// Whether the buyer may have been charged and nothing final is recorded: the answer is 202.
    var isAwaitingOutcome: Bool {
        reply == nil && refusal == nil && [.charging, .refunding].contains(booking.phase)
    }
}
