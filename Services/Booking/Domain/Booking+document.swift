import Contracts

extension Booking {
    /// The booking as its buyer sees it; nil before its deal is known, when it is nobody's business yet.
    func document(_ tickets: [Ticket]) -> BookingDocument? {
        guard let deal else { return nil }
        let currency = deal.total.currency
        let seats = deal.purchase.lines.compactMap { line -> BookingDocument.Seat? in
            guard let seatID = line.seatID, let seatNumber = line.seatNumber else { return nil }
            return BookingDocument.Seat(
                seatId: seatID, seatNumber: seatNumber,
                price: Money(minorUnits: line.priceMinorUnits, currency: currency).amount)
        }
        return BookingDocument(
            bookingId: id, bookingReference: reference, eventId: deal.eventID, reservationId: reservationID,
            totalAmount: deal.total.amount, currency: currency.code, status: status, paymentStatus: paymentStatus,
            createdAt: createdAt, confirmedAt: confirmedAt, cancelledAt: cancelledAt, seats: seats,
            tickets: tickets.map(\.document))
    }
}
