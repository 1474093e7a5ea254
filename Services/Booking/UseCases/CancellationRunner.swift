import Contracts
import Logging
import ServiceKit

/// Carries out what a cancellation owes: the money at payment, then the places at inventory. Request, recovery worker
/// and the refunds of a cancelled event drive the same steps; every effect is idempotent at the other side.
struct CancellationRunner: Sendable {
    /// How a worker's part of a cancellation ended.
    enum End: Sendable, Hashable {
        case done(BookingStore.Found)
        /// Something did not answer: the recovery worker goes on.
        case handedOver
        /// Another worker has it.
        case superseded
    }

    let store: CancellationStore
    let charges: any ChargeClient
    let sales: any SaleClient
    let clock: any WallClock
    let timing: RecoveryTiming
    let logger: Logger
    /// Passed at every ``CancellationPoint``; a throw abandons the cancellation there, as the death of the process would.
    let reach: @Sendable (CancellationPoint) async throws -> Void

    /// Drives a cancellation until it is done or this worker has to leave it.
    ///
    /// - Parameter actor: who acts, for the audit trail
    /// - Throws: what the database throws, or a fault point. The cancellation then stays as it is recorded, for recovery.
    func run(_ cancellation: Cancellation, as actor: String, _ call: CallContext) async throws -> End {
        var cancellation = cancellation
        if cancellation.phase == .refunding {
            try await reach(.beforeRefund)
            guard let charge = await refund(cancellation, call) else { return try await handOver(cancellation) }
            try await reach(.afterRefund)
            let refunded = charge.refundedMinorUnits
            guard try await store.recordRefunded(cancellation, inAll: refunded, actor: actor) else {
                return .superseded
            }
            cancellation.phase = .releasing
            try await reach(.refundRecorded)
        }
        guard cancellation.phase == .releasing else { return .superseded }
        try await reach(.beforeRelease)
        guard try await release(cancellation, call) else { return try await handOver(cancellation) }
        try await reach(.afterRelease)
        let found = try await store.recordReleased(cancellation, actor: actor, repliesWith: BookingAnswers.cancelled)
        guard let found else { return .superseded }
        try await reach(.releaseRecorded)
        return .done(found)
    }

    private func handOver(_ cancellation: Cancellation) async throws -> End {
        try await store.handOver(cancellation, until: clock.now() + timing.pause(after: cancellation.recoveries))
        return .handedOver
    }

    /// The charge once the money is back; nil when that is not known.
    private func refund(_ cancellation: Cancellation, _ call: CallContext) async -> ChargeDocument? {
        do {
            return try await giveBack(cancellation, call)
        } catch {
            report(error, "refund", cancellation)
            return nil
        }
    }

    /// Gives the price of the tickets back, or what is left of it where some of the charge went back by hand.
    private func giveBack(
        _ cancellation: Cancellation, _ call: CallContext
    ) async throws(ServiceCallError) -> ChargeDocument {
        let key = Booking.chargeKey(ofBooking: cancellation.bookingID)
        let price = cancellation.amount.minorUnits
        do throws(ServiceCallError) {
            return try await charges.refund(
                key, RefundRequest(refundKey: cancellation.refundKey, amountMinorUnits: price), in: call)
        } catch {
            switch error.problem?.code {
            // Less is left than the price, or was when this was asked before: the rest, whatever that is.
            case "refund-exceeds-charge", "refund-key-reused":
                return try await charges.refund(key, RefundRequest(refundKey: cancellation.refundKey), in: call)
            // All of the charge went back under other keys: the buyer has the money that this refund is for.
            case "nothing-to-refund": return try await charges.charge(withKey: key, in: call)
            default: throw error
            }
        }
    }

    private func release(_ cancellation: Cancellation, _ call: CallContext) async throws -> Bool {
        guard let found = try await store.booking(cancellation.bookingID) else { return false }
        let kept = KeptPlaces(found)
        do {
            try await sales.keep(kept, of: cancellation.reservationID, in: call)
            return true
        } catch {
            report(error, "release", cancellation)
            // A reservation that inventory does not know, as after its event was removed, has no places to free.
            return error.problem?.status == 404
        }
    }

    private func report(_ error: ServiceCallError, _ effect: String, _ cancellation: Cancellation) {
        logger.log(
            // What was decided otherwise than foreseen does not heal by itself.
            level: [409, 422].contains(error.problem?.status) ? .critical : .warning,
            "a cancellation's call had no effect",
            metadata: ["effect": "\(effect)", "bookingId": "\(cancellation.bookingID)", "error": "\(error)"])
    }
}

extension KeptPlaces {
    /// What stays sold of a booking: the places of the tickets that were not cancelled.
    init(_ found: BookingStore.Found) {
        let byType = Dictionary(grouping: found.tickets.filter(\.isActive), by: \.ticketTypeID)
        self.init(
            bookingId: found.booking.id,
            lines: byType.sorted { $0.key < $1.key }.map { type, tickets in
                Line(ticketTypeId: type, quantity: tickets.count, seatNumbers: tickets.compactMap(\.seatNumber))
            })
    }
}
