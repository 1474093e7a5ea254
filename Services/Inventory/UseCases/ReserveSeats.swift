import Contracts
import HTTPKit
import ServiceKit

/// Takes places for a buyer: locks the seats, commits the hold, lets go of the locks.
struct ReserveSeats: Sendable {
    let reservations: ReservationStore
    let locks: any SeatLocks
    let clock: any WallClock
    let limits: HoldLimits

    /// A fence is refused when Redis has lost its last writes and counts from behind; the next epoch mends that.
    private static let fenceAttemptsMax = 3

    /// A repeat of an earlier request is answered as that one was, also where what the earlier one did now stands in
    /// the way, or where the lock service is out of reach. It is looked for when something went wrong: the transaction
    /// itself looks first thing, so that new requests, nearly all of them, need not ask twice.
    ///
    /// - Parameters:
    ///   - waitAtMost: how long to wait for seats that somebody else is taking; not at all when nil.
    ///   - deadline: when the caller stops waiting; nothing is taken afterwards.
    ///   - reply: the answer to keep for repeats of a request with a key.
    /// - Throws: ``ReservationRefusal``, or ``LockError`` when the lock service is out of reach.
    func execute(
        _ order: ReservationOrder, waitAtMost: Duration?, idempotency: IdempotentOrder?, deadline: Deadline? = nil,
        reply: @escaping @Sendable (Reservation) throws -> StoredReply
    ) async throws -> KeyedOutcome<Reservation> {
        do {
            return try await lockAndReserve(order, waitAtMost, idempotency, deadline, reply)
        } catch {
            // Should the question fail too, the first error is the one that says what happened.
            guard let idempotency,
                let known = try? await reservations.knownOutcome(of: idempotency, at: clock.now())
            else { throw error }
            return .repeated(known)
        }
    }

    private func lockAndReserve(
        _ order: ReservationOrder, _ waitAtMost: Duration?, _ idempotency: IdempotentOrder?, _ deadline: Deadline?,
        _ reply: @escaping @Sendable (Reservation) throws -> StoredReply
    ) async throws -> KeyedOutcome<Reservation> {
        let customerJSON = try order.customer.map(CustomerText.encode)
        guard case .seats(let numbers) = order.selection else {
            return try await attempt(order, customerJSON, fence: nil, idempotency, deadline, reply)
        }
        var attempts = 1
        while true {
            do {
                return try await locks.withLocks(on: numbers, of: order.eventID, waitAtMost: waitAtMost) { fence in
                    try await attempt(order, customerJSON, fence: fence, idempotency, deadline, reply)
                }
            } catch ReservationRefusal.fenced where attempts < Self.fenceAttemptsMax {
                attempts += 1
                try await locks.fenceWasRefused(on: numbers, of: order.eventID)
            }
        }
    }

    private func attempt(
        _ order: ReservationOrder, _ customerJSON: String?, fence: Int64?, _ idempotency: IdempotentOrder?,
        _ deadline: Deadline?, _ reply: @escaping @Sendable (Reservation) throws -> StoredReply
    ) async throws -> KeyedOutcome<Reservation> {
        let now = clock.now()
        let outcome = try await reservations.reserve(
            ReserveTransaction(
                id: UUIDv7.make(at: now), order: order, customerJSON: customerJSON, limits: limits, fence: fence,
                keyed: KeyedTransaction(order: idempotency, now: now, deadline: deadline, reply: reply)))
        try await FaultPoint.reach("inventory.reserve.committed")
        return outcome
    }
}
