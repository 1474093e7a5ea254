extension Reservation {
    /// The place that a seat of the reservation is, as a line of its own; nil when it has no such seat.
    func place(ofSeat number: String) -> Line? {
        lines.first { $0.seatNumbers.contains(number) }.map { line in
            Line(
                ticketTypeID: line.ticketTypeID, unitPriceMinorUnits: line.unitPriceMinorUnits, quantity: 1,
                seatNumbers: [number])
        }
    }

    /// What remains when a seat is given back.
    func lines(withoutSeat number: String) -> [Line] {
        lines.compactMap { line in
            guard line.seatNumbers.contains(number) else { return line }
            let rest = line.seatNumbers.filter { $0 != number }
            guard !rest.isEmpty else { return nil }
            return Line(
                ticketTypeID: line.ticketTypeID, unitPriceMinorUnits: line.unitPriceMinorUnits, quantity: rest.count,
                seatNumbers: rest)
        }
    }
}
