import Contracts
import HTTPKit
import ServiceKit

/// Begins a buyer's checkout of an event, or replaces what it holds.
struct BeginCheckout: Sendable {
    let reservations: ReservationStore
    let clock: any WallClock
    let limits: HoldLimits

    /// - Parameters:
    ///   - deadline: when the caller stops waiting; nothing is taken afterwards.
    ///   - reply: the answer to keep for repeats of a request with a key.
    /// - Throws: ``ReservationRefusal``
    func execute(
        _ order: CheckoutOrder, idempotency: IdempotentOrder?, deadline: Deadline? = nil,
        reply: @escaping @Sendable (CheckoutTransaction.Checkout) throws -> StoredReply
    ) async throws -> KeyedOutcome<CheckoutTransaction.Checkout> {
        let now = clock.now()
        return try await reservations.checkOut(
            CheckoutTransaction(
                id: UUIDv7.make(at: now), order: order, limits: limits,
                keyed: KeyedTransaction(order: idempotency, now: now, deadline: deadline, reply: reply)))
    }
}
