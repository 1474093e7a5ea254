import Contracts

/// A pinned reservation that cannot be sold as it stands: its parts do not fit each other.
struct InconsistentReservation: Error, Sendable, Hashable {
    let reason: String
}

extension Purchase {
    /// The deal that a pinned reservation stands for, one line a place.
    ///
    /// - Throws: when its amounts are none of its currency or do not add up to its total: better no sale than one whose
    ///   money nobody can explain
    init(_ pinned: PinnedReservation) throws(InconsistentReservation) {
        let reservation = pinned.reservation
        guard let currency = Currency(code: reservation.currency) else {
            throw InconsistentReservation(reason: "unknown currency")
        }
        var lines: [Line] = []
        lines.reserveCapacity(reservation.quantity)
        var seatedPlaces: [String: Int] = [:]
        for seat in reservation.seats {
            lines.append(
                Line(
                    ticketTypeID: seat.ticketTypeId, seatID: seat.seatId, seatNumber: seat.seatNumber,
                    priceMinorUnits: try Self.minorUnits(seat.price, currency)))
            seatedPlaces[seat.ticketTypeId, default: 0] += 1
        }
        for item in reservation.items {
            let price = try Self.minorUnits(item.price, currency)
            let places = item.quantity - (seatedPlaces[item.ticketTypeId] ?? 0)
            guard (0...Self.placesMax).contains(places) else { throw InconsistentReservation(reason: "quantities") }
            let line = Line(ticketTypeID: item.ticketTypeId, seatID: nil, seatNumber: nil, priceMinorUnits: price)
            lines.append(contentsOf: repeatElement(line, count: places))
        }
        self.init(
            lines: lines, customer: reservation.customer, notes: reservation.notes,
            reservedAt: reservation.reservedAt, ticketNumbers: pinned.ticketNumbers)
        guard !lines.isEmpty, totalMinorUnits == pinned.totalMinorUnits else {
            throw InconsistentReservation(reason: "the prices of the places do not add up to the total")
        }
    }

    /// More places than any order may have.
    private static let placesMax = 10_000

    private static func minorUnits(
        _ amount: DecimalAmount, _ currency: Currency
    ) throws(InconsistentReservation) -> Int64 {
        guard let units = amount.minorUnits(of: currency) else {
            throw InconsistentReservation(reason: "a price is none of \(currency)")
        }
        return units
    }
}
