import Contracts
import DatabaseKit
import ServiceKit

/// One attempt to take places for a buyer: checks the rules of sale and takes the stock, in one transaction.
///
/// May run more than once, so everything it decides comes from what it reads.
struct ReserveTransaction: Sendable {
    let id: String
    let order: ReservationOrder
    let customerJSON: String?
    let limits: HoldLimits
    /// The fence of the locks on the order's seats; nil where no lock was taken.
    let fence: Int64?
    let keyed: KeyedTransaction<Reservation>

    private var now: Timestamp { keyed.now }

    func run(_ search: SeatSearch, in session: any SQLSession) throws -> KeyedOutcome<Reservation> {
        search.restart()
        return try keyed.run(in: session) { try take(search, in: session) }
    }

    private func take(_ search: SeatSearch, in session: any SQLSession) throws -> Reservation {
        let event = try limits.admit(order.quantity, of: order.eventID, to: order.userID, at: now, in: session)
        let taking = PlaceTaking(reservationID: id, now: now, fence: fence, search: search)
        let reservation = try reservation(of: taking.take(order.selection, of: event, in: session), event)
        try ReservationTable.insert(reservation, customerJSON: customerJSON, in: session)
        try SaleEventTable.touch(event.id, in: session)
        return reservation
    }

    /// The hold on places that were taken.
    func reservation(of lines: [Reservation.Line], _ event: SaleEvent) throws(ReservationRefusal) -> Reservation {
        Reservation(
            id: id, eventID: event.id, userID: order.userID, lines: lines, currency: try event.currency(of: lines),
            customer: order.customer, notes: order.notes, reservedAt: now,
            period: order.door.period(limits.timing, from: now),
            ticketing: order.door.ticketing(quantity: order.quantity, at: now), fencingToken: fence ?? 0,
            storedStatus: .active, pin: nil, bookingID: nil)
    }
}
