import Contracts
import DatabaseKit

/// Moves the places of a whole reservation, counters and seats together, within a caller's transaction.
///
/// Each is called by whoever won the reservation's conditional update, so it runs once. What the constraints refuse
/// here would be a broken promise, so it ends the transaction instead of being worked around.
enum StockMovement {
    /// How many holds are read at a time to be ended.
    private static let batchMax = 500

    /// Ends a hold that is past its end at `now` and frees its places; whether this call ended it.
    static func expire(_ reservation: Reservation, at now: Timestamp, in session: any SQLSession) throws -> Bool {
        guard try ReservationTable.expire(reservation.id, at: now, in: session) else { return false }
        try free(reservation, in: session)
        return true
    }

    /// Ends all holds of an event that are past their end at `now`.
    static func expireAll(of eventID: String, at now: Timestamp, in session: any SQLSession) throws {
        while true {
            let ended = try ReservationTable.ended(of: eventID, by: now, limit: batchMax, in: session)
            for reservation in ended { _ = try expire(reservation, at: now, in: session) }
            guard ended.count == batchMax else { return }
        }
    }

    /// Gives back what a buyer holds; one that ended has nothing to give, but cannot be bought any more either.
    ///
    /// - Throws: ``ReservationRefusal/paymentInProgress``
    static func release(_ reservation: Reservation, at now: Timestamp, in session: any SQLSession) throws {
        if reservation.storedStatus == .expired {
            try ReservationTable.releaseExpired(reservation.id, in: session)
        } else if try ReservationTable.release(reservation.id, at: now, in: session) {
            try free(reservation, in: session)
        } else if reservation.storedStatus == .active {
            throw ReservationRefusal.paymentInProgress
        }
    }

    /// Reserved places become free.
    ///
    /// - Throws: ``StockDisagreement`` when the stock does not have them reserved.
    static func free(_ reservation: Reservation, in session: any SQLSession) throws {
        try free(reservation.lines, of: reservation, in: session)
    }

    /// Some of a reservation's reserved places become free.
    ///
    /// - Throws: ``StockDisagreement`` when the stock does not have them reserved.
    static func free(
        _ lines: [Reservation.Line], of reservation: Reservation, in session: any SQLSession
    ) throws {
        let disagreement = StockDisagreement(reservationID: reservation.id)
        try move(lines, of: reservation, reserved: -1, sold: 0, orThrow: disagreement, in: session) { numbers in
            try SeatTable.free(
                numbers, of: reservation.eventID, heldBy: reservation.id, orThrow: disagreement, in: session)
        }
    }

    /// Reserved places become sold.
    ///
    /// - Throws: ``StockDisagreement`` when the stock does not have them reserved.
    static func sell(_ reservation: Reservation, in session: any SQLSession) throws {
        let disagreement = StockDisagreement(reservationID: reservation.id)
        try move(reservation.lines, of: reservation, reserved: -1, sold: 1, orThrow: disagreement, in: session) {
            numbers in
            try SeatTable.sell(
                numbers, of: reservation.eventID, heldBy: reservation.id, orThrow: disagreement, in: session)
        }
    }

    /// The places of a reservation that had ended become sold, if all are still free.
    ///
    /// - Throws: ``ReservationRefusal/expired`` when somebody has one of them.
    static func sellAgain(_ reservation: Reservation, in session: any SQLSession) throws {
        let refusal = ReservationRefusal.expired
        try move(reservation.lines, of: reservation, reserved: 0, sold: 1, orThrow: refusal, in: session) { numbers in
            try SeatTable.sellFree(
                numbers, of: reservation.eventID, to: reservation.id, orThrow: refusal, in: session)
        }
    }

    /// Adds `reserved` and `sold` to the counters for every place and moves the seats by `seats`, or throws `failure`.
    static func move(
        _ lines: [Reservation.Line], of reservation: Reservation, reserved: Int, sold: Int,
        orThrow failure: any Error, in session: any SQLSession, seats: (_ numbers: [String]) throws -> Void
    ) throws {
        for line in lines {
            try SaleEventTable.move(
                reserved: reserved * line.quantity, sold: sold * line.quantity, of: line.ticketTypeID,
                in: reservation.eventID, orThrow: failure, session: session)
            guard !line.seatNumbers.isEmpty else { continue }
            try seats(line.seatNumbers)
            if reserved + sold < 0 {
                try FreedRowTable.note(line.seatNumbers, of: reservation.eventID, in: session)
            }
        }
        try SaleEventTable.touch(reservation.eventID, in: session)
    }
}

/// Seats, counters and reservations tell different stories: nothing is changed, and somebody must look.
struct StockDisagreement: Error, CustomStringConvertible {
    let reservationID: String

    var description: String { "the stock does not hold what reservation \(reservationID) says it holds" }
}
