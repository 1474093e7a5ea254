/// `POST /internal/reservations/{id}/pin`: a payment in flight keeps the hold alive for one booking.
package struct PinRequest: Sendable, Codable {
    package let bookingId: String
    package let userId: String

    package init(bookingId: String, userId: String) {
        self.bookingId = bookingId
        self.userId = userId
    }
}

/// `POST /internal/reservations/{id}/unpin` and `/commit`: both good only for the booking that holds the pin.
package struct PinnedRequest: Sendable, Codable {
    package let bookingId: String

    package init(bookingId: String) {
        self.bookingId = bookingId
    }
}

/// A pinned reservation, as booking needs it to charge and to make tickets.
package struct PinnedReservation: Sendable, Hashable, Codable {
    package let reservation: ReservationDocument
    package let totalMinorUnits: Int64
    /// Until when the hold cannot end.
    package let pinnedUntil: Timestamp
    /// The numbers that its tickets were given when it was made; nil where booking gives them.
    package let ticketNumbers: [String]?

    package init(
        reservation: ReservationDocument, totalMinorUnits: Int64, pinnedUntil: Timestamp, ticketNumbers: [String]? = nil
    ) {
        self.reservation = reservation
        self.totalMinorUnits = totalMinorUnits
        self.pinnedUntil = pinnedUntil
        self.ticketNumbers = ticketNumbers
    }
}

/// The hold of a buyer's checkout: `GET /internal/checkouts/{eventId}?userId=`.
package struct CheckoutReference: Sendable, Hashable, Codable {
    package let reservationId: String

    package init(reservationId: String) {
        self.reservationId = reservationId
    }
}
