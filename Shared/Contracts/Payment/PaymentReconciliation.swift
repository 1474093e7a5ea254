/// One charge with the sums of its ledger, for audits: `GET /api/payments/reconciliation` (admin).
package struct PaymentReconciliationEntry: Sendable, Hashable, Codable {
    package let chargeKey: String
    package let bookingId: String
    package let userId: String
    package let state: ChargeState
    package let currency: String
    /// Sum of the ledger's captures, in minor units.
    package let capturedMinorUnits: Int64
    /// Sum of the ledger's refunds, in minor units.
    package let refundedMinorUnits: Int64
    /// How many captures the ledger holds: more than one is a double charge.
    package let captures: Int

    package init(
        chargeKey: String, bookingId: String, userId: String, state: ChargeState, currency: String,
        capturedMinorUnits: Int64, refundedMinorUnits: Int64, captures: Int
    ) {
        self.chargeKey = chargeKey
        self.bookingId = bookingId
        self.userId = userId
        self.state = state
        self.currency = currency
        self.capturedMinorUnits = capturedMinorUnits
        self.refundedMinorUnits = refundedMinorUnits
        self.captures = captures
    }
}
