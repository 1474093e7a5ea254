import Contracts

extension Reservation {
    /// Whether a booking bought the reservation and gave all of it back.
    func wasReturned(by bookingID: String) -> Bool {
        storedStatus == .released && pin?.bookingID == bookingID
    }

    /// The lines that stay when only `kept` does, and those that go. What is kept beyond the lines counts for nothing.
    func divided(by kept: KeptPlaces) -> (rest: [Line], freed: [Line]) {
        let seats = Set(kept.lines.flatMap(\.seatNumbers))
        var places = Dictionary(kept.lines.map { ($0.ticketTypeId, max($0.quantity, 0)) }, uniquingKeysWith: +)
        var rest: [Line] = []
        var freed: [Line] = []
        for line in lines {
            if line.seatNumbers.isEmpty {
                let stays = min(line.quantity, places[line.ticketTypeID, default: 0])
                places[line.ticketTypeID, default: 0] -= stays
                rest.append(line.with(quantity: stays))
                freed.append(line.with(quantity: line.quantity - stays))
            } else {
                rest.append(line.with(seats: line.seatNumbers.filter(seats.contains)))
                freed.append(line.with(seats: line.seatNumbers.filter { !seats.contains($0) }))
            }
        }
        return (rest.filter { $0.quantity > 0 }, freed.filter { $0.quantity > 0 })
    }
}

extension Reservation.Line {
    fileprivate func with(quantity: Int) -> Self {
        Self(
            ticketTypeID: ticketTypeID, unitPriceMinorUnits: unitPriceMinorUnits, quantity: quantity, seatNumbers: [])
    }

    fileprivate func with(seats: [String]) -> Self {
        Self(
            ticketTypeID: ticketTypeID, unitPriceMinorUnits: unitPriceMinorUnits, quantity: seats.count,
            seatNumbers: seats)
    }
}
