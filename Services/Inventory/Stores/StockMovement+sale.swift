import DatabaseKit

extension StockMovement {
    /// Some of a reservation's sold places become free.
    ///
    /// - Throws: ``StockDisagreement`` when the stock has not sold them.
    static func takeBack(
        _ lines: [Reservation.Line], of reservation: Reservation, in session: any SQLSession
    ) throws {
        let disagreement = StockDisagreement(reservationID: reservation.id)
        try move(lines, of: reservation, reserved: 0, sold: -1, orThrow: disagreement, in: session) { numbers in
            try SeatTable.takeBack(
                numbers, of: reservation.eventID, soldTo: reservation.id, orThrow: disagreement, in: session)
        }
    }
}

extension SeatTable {
    /// Frees seats that were sold to a reservation, or throws `failure`.
    static func takeBack(
        _ numbers: [String], of eventID: String, soldTo reservationID: String, orThrow failure: any Error,
        in session: any SQLSession
    ) throws {
        try move(
            numbers, of: eventID, where: "status = 'Sold' AND reservation_id = $2",
            set: "status = 'Available', reservation_id = NULL", reservationID, orThrow: failure, in: session)
    }
}

extension ReservationTable {
    /// Lets a sale shrink to `rest`, and end when that is empty; whether nobody had changed it meanwhile.
    ///
    /// One that ended keeps its lines, to be read, and its pin, which says whose it was.
    static func shrinkSale(
        _ sale: Reservation, to rest: [Reservation.Line], in session: any SQLSession
    ) throws -> Bool {
        let known = ReservationLines.encode(sale.lines)
        guard !rest.isEmpty else {
            return try session.execute(
                """
                UPDATE reservations SET status = 'Released', booking_id = NULL
                WHERE reservation_id = $1 AND status = 'Confirmed' AND lines = $2
                """, sale.id, known) == 1
        }
        return try session.execute(
            """
            UPDATE reservations SET lines = $3, quantity = $4
            WHERE reservation_id = $1 AND status = 'Confirmed' AND lines = $2
            """, sale.id, known, ReservationLines.encode(rest), rest.reduce(0) { $0 + $1.quantity }) == 1
    }
}
