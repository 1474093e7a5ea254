import Contracts
import Logging
import ServiceKit

/// The effects of the saga at inventory and payment, and what their answers mean for it.
struct SagaEffects: Sendable {
    let reservations: any ReservationClient
    let charges: any ChargeClient
    let clock: any WallClock
    let timing: RecoveryTiming
    let logger: Logger

    /// Pins the hold and checks what the buyer sent against it.
    func pin(_ work: inout SagaWork) async -> SagaEvent {
        let pinned: PinnedReservation
        do {
            pinned = try await reservations.pin(
                work.booking.reservationID, PinRequest(bookingId: work.booking.id, userId: work.booking.userID),
                in: work.forward)
        } catch {
            return refused(error, &work) ? .pinRefused : unanswered(error, "pin", work)
        }
        do throws(InconsistentReservation) {
            try accept(pinned, &work)
        } catch {
            logger.error(
                "inventory pinned a reservation that cannot be sold",
                metadata: ["reservationId": "\(work.booking.reservationID)", "reason": "\(error.reason)"])
            work.refusal = .internalError
            return .pinnedInVain
        }
        guard let deal = work.booking.deal else { return .pinnedInVain }
        let unstorable = deal.purchase.unstorableFields
        guard unstorable.isEmpty else {
            work.refusal = .invalid(unstorable.map { FieldError($0, "must not contain the character U+0000") })
            return .pinnedInVain
        }
        switch PaymentFit(of: work.payment, to: deal.total) {
        case .fits: return .pinned(isFree: deal.total.minorUnits == 0)
        case .amountDiffers: work.refusal = .amountMismatch(deal.total)
        case .paymentMissing: work.refusal = .invalid("payment", "is required unless the total is 0")
        }
        return .pinnedInVain
    }

    private func accept(_ pinned: PinnedReservation, _ work: inout SagaWork) throws(InconsistentReservation) {
        var purchase = try Purchase(pinned)
        purchase.notes = work.notes ?? purchase.notes
        guard let currency = Currency(code: pinned.reservation.currency) else {
            throw InconsistentReservation(reason: "unknown currency")
        }
        work.canonicalReservationID = pinned.reservation.reservationId
        work.booking.deal = Booking.Deal(
            eventID: pinned.reservation.eventId,
            total: Money(minorUnits: pinned.totalMinorUnits, currency: currency), purchase: purchase,
            givesUpAt: timing.giveUp(from: clock.now(), pinnedUntil: pinned.pinnedUntil))
    }

    func charge(_ work: inout SagaWork) async -> SagaEvent {
        guard let deal = work.booking.deal, let payment = work.payment else { return .unanswered }
        let request = ChargeRequest(
            chargeKey: work.booking.chargeKey, bookingId: work.booking.id, userId: work.booking.userID,
            amountMinorUnits: deal.total.minorUnits, currency: deal.total.currency.code, payment: payment)
        let context = work.forward
        return await charge("charge", &work) { () throws(ServiceCallError) in
            try await charges.charge(request, in: context)
        }
    }

    func inquire(_ work: inout SagaWork) async -> SagaEvent {
        let key = work.booking.chargeKey
        let context = work.forward
        return await charge("inquire", &work) { () throws(ServiceCallError) in
            try await charges.charge(withKey: key, in: context)
        }
    }

    func void(_ work: inout SagaWork) async -> SagaEvent {
        guard let deal = work.booking.deal else { return .unanswered }
        let key = work.booking.chargeKey
        let context = work.forward
        let request = VoidRequest(
            bookingId: work.booking.id, userId: work.booking.userID, amountMinorUnits: deal.total.minorUnits,
            currency: deal.total.currency.code)
        return await charge("void", &work) { () throws(ServiceCallError) in
            try await charges.void(key, request, in: context)
        }
    }

    private func charge(
        _ name: String, _ work: inout SagaWork,
        _ call: () async throws(ServiceCallError) -> ChargeDocument
    ) async -> SagaEvent {
        do throws(ServiceCallError) {
            let document = try await call()
            work.declineDetail = document.declineCode.map { "the payment was declined: \($0)" }
            return .charge(ChargeOutcome(document.state))
        } catch {
            switch (error.problem?.status, error.problem?.code) {
            case (402, "payment-reference-invalid"), (409, "payment-reference-used"):
                // Nothing was charged and nothing claimed: another payment may be named at once.
                _ = refused(error, &work)
                return .charge(.rejected)
            case (402, _):
                work.declineDetail = error.problem?.detail
                return .charge(.declined)
            case (404, _): return .charge(.none)
            case (409, "charge-voided"): return .charge(.voided)
            case (422, "invalid-fields"):
                _ = refused(error, &work)
                return .charge(.rejected)
            default: return unanswered(error, name, work)
            }
        }
    }

    func commit(_ work: SagaWork) async -> SagaEvent {
        do {
            try await reservations.commit(work.booking.reservationID, bookingID: work.booking.id, in: work.forward)
            return .committed
        } catch {
            guard let problem = error.problem, [404, 409, 410].contains(problem.status) else {
                return unanswered(error, "commit", work)
            }
            return .commitRefused(problem.code == "not-on-sale" ? .saleStopped : .reservationLost)
        }
    }

    func refund(_ work: SagaWork) async -> SagaEvent {
        do {
            _ = try await charges.refund(
                work.booking.chargeKey, RefundRequest(refundKey: work.booking.refundKey), in: work.back)
            return .refunded
        } catch {
            // The money went back under another key: what this refund is for has been reached.
            if error.problem?.code == "nothing-to-refund" { return .refunded }
            return unanswered(error, "refund", work)
        }
    }

    func unpin(_ work: SagaWork) async -> SagaEvent {
        do {
            try await reservations.unpin(work.booking.reservationID, bookingID: work.booking.id, in: work.back)
            return .unpinned
        } catch {
            // A reservation that is gone or sold to another booking has no pin of this one.
            guard let problem = error.problem, [404, 409, 410].contains(problem.status) else {
                return unanswered(error, "unpin", work)
            }
            return .unpinned
        }
    }

    /// Whether the other service has decided, so that its refusal is the buyer's answer.
    private func refused(_ error: ServiceCallError, _ work: inout SagaWork) -> Bool {
        guard let problem = error.problem, [400, 402, 404, 409, 410, 422, 429].contains(problem.status) else {
            return false
        }
        work.refusal = Problem(mapping: error, deadlinePassed: false, bodyBytesMax: 0)
        return true
    }

    private func unanswered(_ error: ServiceCallError, _ effect: String, _ work: SagaWork) -> SagaEvent {
        logger.warning(
            "no answer to a booking's call",
            metadata: ["effect": "\(effect)", "bookingId": "\(work.booking.id)", "error": "\(error)"])
        return .unanswered
    }
}

extension ChargeOutcome {
    fileprivate init(_ state: ChargeState) {
        switch state {
        case .pending: self = .pending
        case .captured: self = .captured
        case .declined: self = .declined
        case .voided: self = .voided
        }
    }
}
