import Contracts

extension Reservation {
    /// The reservation as its buyer sees it at `now`.
    func document(at now: Timestamp) -> ReservationDocument {
        ReservationDocument(
            reservationId: id, eventId: eventID, userId: userID, status: status(at: now),
            seats: lines.flatMap(seatDocuments), items: lines.map(itemDocument), totalAmount: total.amount,
            currency: currency.code, customer: customer, notes: notes, reservedAt: reservedAt, expiresAt: expiresAt,
            hardExpiresAt: max(period.hardExpiresAt, expiresAt), fencingToken: String(fencingToken))
    }

    private func seatDocuments(_ line: Line) -> [ReservationDocument.Seat] {
        let price = Money(minorUnits: line.unitPriceMinorUnits, currency: currency).amount
        return line.seatNumbers.map {
            ReservationDocument.Seat(
                seatId: Seat.id(eventID: eventID, number: $0), seatNumber: $0, ticketTypeId: line.ticketTypeID,
                price: price)
        }
    }

    private func itemDocument(_ line: Line) -> ReservationDocument.Item {
        ReservationDocument.Item(
            ticketTypeId: line.ticketTypeID, quantity: line.quantity,
            price: Money(minorUnits: line.unitPriceMinorUnits, currency: currency).amount)
    }
}
