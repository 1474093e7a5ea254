/// `POST /api/bookings/confirm`: pay for a reservation.
package struct ConfirmRequest: Sendable, Codable {
    package let reservationId: String
    /// Needed unless the total is zero.
    package let payment: PaymentMethod?
    /// The key in the body, where the `Idempotency-Key` header is not sent.
    package let idempotencyKey: String?

    package init(reservationId: String, payment: PaymentMethod?, idempotencyKey: String? = nil) {
        self.reservationId = reservationId
        self.payment = payment
        self.idempotencyKey = idempotencyKey
    }
}
