/// A payment as its payer sees it: `GET /api/payments/{id}`.
package struct PaymentDocument: Sendable, Hashable, Codable {
    package let paymentId: String
    package let reference: String
    /// `Pending`, `Authorized`, `Captured`, `Declined`, `Voided`, `PartiallyRefunded` or `Refunded`.
    package let status: String
    package let amount: DecimalAmount
    package let refundedAmount: DecimalAmount
    package let currency: String
    package let bookingId: String?
    package let createdAt: Timestamp

    package init(
        paymentId: String, reference: String, status: String, amount: DecimalAmount, refundedAmount: DecimalAmount,
        currency: String, bookingId: String?, createdAt: Timestamp
    ) {
        self.paymentId = paymentId
        self.reference = reference
        self.status = status
        self.amount = amount
        self.refundedAmount = refundedAmount
        self.currency = currency
        self.bookingId = bookingId
        self.createdAt = createdAt
    }
}
