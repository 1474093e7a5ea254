import Contracts
import ServiceKit

/// Takes tickets of a booking back for their price: tickets first, then the money, then the places.
struct CancelBooking: Sendable {
    /// What a buyer asks for.
    struct Order: Sendable {
        let bookingID: String
        let userID: String
        /// All of the booking's tickets when nil.
        let ticketIDs: [String]?
        /// Absent when the request carried no key; cancelling again is fine all the same.
        let key: KeyedRequest?
    }

    let store: CancellationStore
    let bookings: BookingStore
    let events: KnownEvents
    let runner: CancellationRunner
    let clock: any WallClock
    let timing: RecoveryTiming
    /// Names this process in leases.
    let process: String

    private static let attemptsMax = 3

    /// Cancels what `order` names: 200 when all is done, 202 while money or places are still on their way.
    ///
    /// - Throws: ``CancellationRefusal``
    func execute(_ order: Order, _ call: CallContext) async throws -> ConfirmBooking.Answer {
        guard let known = try await bookings.booking(order.bookingID, of: order.userID), let deal = known.booking.deal
        else { throw CancellationRefusal.bookingUnknown }
        let refusal = try await self.refusal(ofEvent: deal.eventID, call)
        switch try await begin(order, refusal) {
        case .replay(let reply): return ConfirmBooking.Answer(reply: reply, isReplayed: true)
        case .nothingToDo(let found, let isFinished): return try Self.answer(found, isFinished: isFinished)
        case .begun(let cancellation):
            try await runner.reach(.recorded)
            let actor = "user:\(order.userID)"
            if case .done(let found) = try await runner.run(cancellation, as: actor, call) {
                return try Self.answer(found, isFinished: true)
            }
            // Known before the booking is read, so that 200 never shows what was still on its way.
            let isFinished = try await !store.isUnfinished(order.bookingID)
            guard let found = try await store.booking(order.bookingID) else { throw CancellationRefusal.bookingUnknown }
            return try Self.answer(found, isFinished: isFinished)
        }
    }

    private func begin(
        _ order: Order, _ refusal: CancellationRefusal?
    ) async throws -> CancellationStore.Beginning {
        var attempt = 1
        while true {
            let lease = SagaLease(owner: process, until: clock.now() + timing.lease, epoch: 1)
            do {
                return try await store.begin(
                    CancellationOrder(
                        bookingID: order.bookingID, userID: order.userID, ticketIDs: order.ticketIDs, key: order.key,
                        refusal: refusal, actor: "user:\(order.userID)", lease: lease),
                    repliesWith: BookingAnswers.cancelled)
            } catch CancellationRefusal.raced where attempt < Self.attemptsMax {
                attempt += 1
            }
        }
    }

    private static func answer(_ found: BookingStore.Found, isFinished: Bool) throws -> ConfirmBooking.Answer {
        let reply = try isFinished ? BookingAnswers.cancelled(found) : BookingAnswers.beingCancelled(found)
        return ConfirmBooking.Answer(reply: reply, isReplayed: false)
    }

    /// Who was there, or could have been, gets nothing back; of a cancelled event everybody does.
    private func refusal(ofEvent eventID: String, _ call: CallContext) async throws -> CancellationRefusal? {
        // Of an event that was removed nothing more is known than that it is over or never will be.
        guard let event = try await events.event(eventID, call) else { return nil }
        return event.status != .cancelled && event.eventDate <= clock.now() ? .eventBegan : nil
    }
}
