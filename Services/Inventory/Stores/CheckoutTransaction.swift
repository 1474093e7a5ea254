import Contracts
import DatabaseKit

/// Begins a buyer's checkout of an event, or replaces what it holds, in one transaction: all of the new places are
/// held afterwards, or what was held stays.
///
/// A buyer has one checkout hold for an event. Replacing what it holds keeps its id and its hard end.
struct CheckoutTransaction: Sendable {
    /// The hold, and whether there was one before.
    struct Checkout: Sendable {
        let event: SaleEvent
        let reservation: Reservation
        let isReplacement: Bool
    }

    /// The id of the hold, where it is a new one.
    let id: String
    let order: CheckoutOrder
    let limits: HoldLimits
    let keyed: KeyedTransaction<Checkout>

    private var now: Timestamp { keyed.now }

    func run(_ search: SeatSearch, in session: any SQLSession) throws -> KeyedOutcome<Checkout> {
        search.restart()
        return try keyed.run(in: session) { try take(search, in: session) }
    }

    private func take(_ search: SeatSearch, in session: any SQLSession) throws -> Checkout {
        let held = try livingHold(in: session)
        let event = try limits.admit(
            order.quantity, of: order.eventID, to: order.userID, instead: held, at: now, in: session)
        let items = try order.items(of: event)
        if let held { try StockMovement.free(held, in: session) }
        let taking = PlaceTaking(reservationID: held?.id ?? id, now: now, fence: nil, search: search)
        let lines = try taking.take(.items(items), of: event, in: session)
        let reservation = Reservation(
            id: held?.id ?? id, eventID: event.id, userID: order.userID, lines: lines,
            currency: try event.currency(of: lines), customer: nil, notes: nil, reservedAt: held?.reservedAt ?? now,
            period: limits.timing.afterHeartbeat(
                at: now, isHidden: false, hardEnd: held?.period.hardExpiresAt ?? now + limits.timing.hardCap),
            ticketing: nil, fencingToken: 0, storedStatus: .active, pin: nil, bookingID: nil)
        try store(reservation, replacing: held, in: session)
        try SaleEventTable.touch(event.id, in: session)
        return Checkout(event: event, reservation: reservation, isReplacement: held != nil)
    }

    /// The buyer's hold on the event, when it is alive; one past its end gives its places back.
    private func livingHold(in session: any SQLSession) throws -> Reservation? {
        guard let hold = try ReservationTable.checkoutHold(of: order.userID, on: order.eventID, in: session) else {
            return nil
        }
        if try StockMovement.expire(hold, at: now, in: session) { return nil }
        guard !hold.isPinned(byOtherThan: nil, at: now) else { throw ReservationRefusal.paymentInProgress }
        return hold
    }

    private func store(_ reservation: Reservation, replacing held: Reservation?, in session: any SQLSession) throws {
        guard held != nil else {
            return try ReservationTable.insert(reservation, customerJSON: nil, in: session)
        }
        let isReplaced = try ReservationTable.replaceLines(
            reservation.lines, of: reservation.id, at: now, in: session)
        let isExtended = try ReservationTable.extend(reservation.id, to: reservation.period, at: now, in: session)
        guard isReplaced, isExtended else { throw ReservationRefusal.expired }
    }
}
