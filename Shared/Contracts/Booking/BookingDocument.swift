/// What became of a booking.
package enum BookingStatus: String, Sendable, Codable, CaseIterable {
    case pending = "Pending"
    case confirmed = "Confirmed"
    case failed = "Failed"
    case cancelled = "Cancelled"
    case refunded = "Refunded"
}

/// What became of a booking's money.
package enum PaymentStatus: String, Sendable, Codable, CaseIterable {
    case pending = "Pending"
    case success = "Success"
    case failed = "Failed"
    case refunded = "Refunded"
    case partiallyRefunded = "PartiallyRefunded"
}

/// A purchase: `POST /api/bookings/confirm`, `GET /api/bookings/{id}`.
package struct BookingDocument: Sendable, Hashable, Codable {
    package struct Seat: Sendable, Hashable, Codable {
        package let seatId: String
        package let seatNumber: String
        package let price: DecimalAmount

        package init(seatId: String, seatNumber: String, price: DecimalAmount) {
            self.seatId = seatId
            self.seatNumber = seatNumber
            self.price = price
        }
    }

    package let bookingId: String
    /// `HF-…`, short enough to read out.
    package let bookingReference: String
    package let eventId: String
    package let reservationId: String
    package let totalAmount: DecimalAmount
    package let currency: String
    package let status: BookingStatus
    package let paymentStatus: PaymentStatus
    package let createdAt: Timestamp
    package let confirmedAt: Timestamp?
    package let cancelledAt: Timestamp?
    package let seats: [Seat]
    package let tickets: [TicketDocument]

    package init(
        bookingId: String, bookingReference: String, eventId: String, reservationId: String,
        totalAmount: DecimalAmount, currency: String, status: BookingStatus, paymentStatus: PaymentStatus,
        createdAt: Timestamp, confirmedAt: Timestamp?, cancelledAt: Timestamp?, seats: [Seat],
        tickets: [TicketDocument]
    ) {
        self.bookingId = bookingId
        self.bookingReference = bookingReference
        self.eventId = eventId
        self.reservationId = reservationId
        self.totalAmount = totalAmount
        self.currency = currency
        self.status = status
        self.paymentStatus = paymentStatus
        self.createdAt = createdAt
        self.confirmedAt = confirmedAt
        self.cancelledAt = cancelledAt
        self.seats = seats
        self.tickets = tickets
    }
}
