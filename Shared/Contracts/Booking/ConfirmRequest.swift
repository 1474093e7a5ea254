/// `POST /api/bookings/confirm`: pay for a reservation, named by itself or by the event that one's checkout holds.
package struct ConfirmRequest: Sendable, Codable {
    package let reservationId: String?
    /// The event whose checkout hold is paid for, instead of `reservationId`.
    package let concertId: String?
    /// Needed unless the total is zero.
    package let payment: PaymentMethod?
    /// The key in the body, where the `Idempotency-Key` header is not sent.
    package let idempotencyKey: String?

    package init(
        reservationId: String? = nil, concertId: String? = nil, payment: PaymentMethod?, idempotencyKey: String? = nil
    ) {
        self.reservationId = reservationId
        self.concertId = concertId
        self.payment = payment
        self.idempotencyKey = idempotencyKey
    }
}
