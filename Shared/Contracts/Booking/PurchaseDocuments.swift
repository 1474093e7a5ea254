/// `POST /api/tickets/purchase`: buy reserved tickets with a payment that was authorized before.
package struct PurchaseRequest: Sendable, Codable {
    /// The reservation, by its id or by its `RES_…` reference.
    package let reservationId: String
    /// The payment, `PAY_…`.
    package let paymentReference: String
    /// Written on the tickets, instead of what was said at the reservation.
    package let notes: String?

    package init(reservationId: String, paymentReference: String, notes: String? = nil) {
        self.reservationId = reservationId
        self.paymentReference = paymentReference
        self.notes = notes
    }
}

/// What `POST /api/tickets/purchase` bought.
package struct PurchaseDocument: Sendable, Hashable, Codable {
    package let success: Bool
    package let message: String
    package let bookingReference: String
    package let bookingId: String
    package let tickets: [TicketDocument]
    package let totalPrice: DecimalAmount

    package init(_ booking: BookingDocument, message: String) {
        success = true
        self.message = message
        bookingReference = booking.bookingReference
        bookingId = booking.bookingId
        tickets = booking.tickets
        totalPrice = booking.totalAmount
    }
}
