import Contracts
import ServiceKit

/// Takes places for a buyer: locks the seats, commits the hold, lets go of the locks.
struct ReserveSeats: Sendable {
    let reservations: ReservationStore
    let locks: any SeatLocks
    let clock: any WallClock
    let timing: HoldTiming
    let placesPerUserMax: Int

    /// A fence is refused when Redis has lost its last writes and counts from behind; the next epoch mends that.
    private static let fenceAttemptsMax = 3

    /// A repeat of an earlier request is answered as that one was, also where what the earlier one did now stands in
    /// the way, or where the lock service is out of reach. It is looked for when something went wrong: the transaction
    /// itself looks first thing, so that new requests, nearly all of them, need not ask twice.
    ///
    /// - Parameter waitAtMost: how long to wait for seats that somebody else is taking; not at all when nil.
    /// - Throws: ``ReservationRefusal``, or ``LockError`` when the lock service is out of reach.
    func execute(
        _ order: ReservationOrder, waitAtMost: Duration?, idempotency: IdempotentOrder?
    ) async throws -> ReserveTransaction.Outcome {
        do {
            return try await lockAndReserve(order, waitAtMost, idempotency)
        } catch {
            // Should the question fail too, the first error is the one that says what happened.
            guard let idempotency,
                let known = try? await reservations.knownOutcome(of: idempotency, at: clock.now())
            else { throw error }
            return .repeated(known)
        }
    }

    private func lockAndReserve(
        _ order: ReservationOrder, _ waitAtMost: Duration?, _ idempotency: IdempotentOrder?
    ) async throws -> ReserveTransaction.Outcome {
        let customerJSON = try order.customer.map(CustomerText.encode)
        guard case .seats(let numbers) = order.selection else {
            return try await attempt(order, customerJSON, fence: nil, idempotency)
        }
        var attempts = 1
        while true {
            do {
                return try await locks.withLocks(on: numbers, of: order.eventID, waitAtMost: waitAtMost) { fence in
                    try await attempt(order, customerJSON, fence: fence, idempotency)
                }
            } catch ReservationRefusal.fenced where attempts < Self.fenceAttemptsMax {
                attempts += 1
                try await locks.fenceWasRefused(on: numbers, of: order.eventID)
            }
        }
    }

    private func attempt(
        _ order: ReservationOrder, _ customerJSON: String?, fence: Int64?, _ idempotency: IdempotentOrder?
    ) async throws -> ReserveTransaction.Outcome {
        let now = clock.now()
        let outcome = try await reservations.reserve(
            ReserveTransaction(
                id: UUIDv7.make(at: now), order: order, customerJSON: customerJSON, now: now, timing: timing,
                placesPerUserMax: placesPerUserMax, fence: fence, idempotency: idempotency))
        try await FaultPoint.reach("inventory.reserve.committed")
        return outcome
    }
}
