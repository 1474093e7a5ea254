import Contracts
import DatabaseKit

/// Moves the places of a whole reservation, counters and seats together, within a caller's transaction.
///
/// Each is called by whoever won the reservation's conditional update, so it runs once. What the constraints refuse
/// here would be a broken promise, so it ends the transaction instead of being worked around.
enum StockMovement {
    /// Ends a hold that is past its end at `now` and frees its places; whether this call ended it.
    static func expire(_ reservation: Reservation, at now: Timestamp, in session: any SQLSession) throws -> Bool {
        guard try ReservationTable.expire(reservation.id, at: now, in: session) else { return false }
        try free(reservation, in: session)
        return true
    }

    /// Reserved places become free.
    static func free(_ reservation: Reservation, in session: any SQLSession) throws {
        for line in reservation.lines {
            try moveCounters(of: line, reserved: -line.quantity, sold: 0, reservation, in: session)
            guard !line.seatNumbers.isEmpty else { continue }
            try expectAll(
                line, try SeatTable.free(line.seatNumbers, of: reservation.eventID, heldBy: reservation.id, in: session)
            )
        }
        try SaleEventTable.touch(reservation.eventID, in: session)
    }

    /// Reserved places become sold.
    static func sell(_ reservation: Reservation, in session: any SQLSession) throws {
        for line in reservation.lines {
            try moveCounters(of: line, reserved: -line.quantity, sold: line.quantity, reservation, in: session)
            guard !line.seatNumbers.isEmpty else { continue }
            try expectAll(
                line, try SeatTable.sell(line.seatNumbers, of: reservation.eventID, heldBy: reservation.id, in: session)
            )
        }
        try SaleEventTable.touch(reservation.eventID, in: session)
    }

    /// The places of a reservation that had ended become sold, if all are still free.
    ///
    /// - Throws: ``ReservationRefusal/expired`` when somebody has one of them.
    static func sellAgain(_ reservation: Reservation, in session: any SQLSession) throws {
        for line in reservation.lines {
            let moved = try SaleEventTable.move(
                reserved: 0, sold: line.quantity, of: line.ticketTypeID, in: reservation.eventID, session: session)
            guard moved else { throw ReservationRefusal.expired }
            guard !line.seatNumbers.isEmpty else { continue }
            let seats = try SeatTable.sellFree(
                line.seatNumbers, of: reservation.eventID, to: reservation.id, in: session)
            guard seats == line.seatNumbers.count else { throw ReservationRefusal.expired }
        }
        try SaleEventTable.touch(reservation.eventID, in: session)
    }

    private static func moveCounters(
        of line: Reservation.Line, reserved: Int, sold: Int, _ reservation: Reservation, in session: any SQLSession
    ) throws {
        let moved = try SaleEventTable.move(
            reserved: reserved, sold: sold, of: line.ticketTypeID, in: reservation.eventID, session: session)
        guard moved else { throw StockDisagreement(reservationID: reservation.id) }
    }

    private static func expectAll(_ line: Reservation.Line, _ moved: Int) throws {
        guard moved == line.seatNumbers.count else { throw StockDisagreement(reservationID: line.ticketTypeID) }
    }
}

/// Seats, counters and reservations tell different stories: nothing is changed, and somebody must look.
struct StockDisagreement: Error, CustomStringConvertible {
    let reservationID: String

    var description: String { "the stock does not hold what reservation \(reservationID) says it holds" }
}
