/// Something in which the provider, the ledger and the charges did not agree:
/// `GET /api/payments/reconciliation/differences` (admin).
package struct PaymentDifference: Sendable, Hashable, Codable {
    /// Later differences have greater ids.
    package let differenceId: String
    /// Such as `capturedLate`; the payment service's README lists them.
    package let kind: String
    /// The key of the charge, or of the payment that no booking had.
    package let paymentKey: String
    package let bookingId: String?
    package let detail: String
    /// Whether it was put right; the others need a person.
    package let mended: Bool
    package let foundAt: Timestamp

    package init(
        differenceId: String, kind: String, paymentKey: String, bookingId: String?, detail: String, mended: Bool,
        foundAt: Timestamp
    ) {
        self.differenceId = differenceId
        self.kind = kind
        self.paymentKey = paymentKey
        self.bookingId = bookingId
        self.detail = detail
        self.mended = mended
        self.foundAt = foundAt
    }
}
