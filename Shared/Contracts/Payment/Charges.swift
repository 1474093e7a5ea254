/// `POST /internal/charges`: charge a buyer once, whatever happens to the call.
package struct ChargeRequest: Sendable, Codable {
    /// Names the charge; the same key never charges twice.
    package let chargeKey: String
    package let bookingId: String
    package let userId: String
    package let amountMinorUnits: Int64
    package let currency: String
    package let payment: PaymentMethod

    package init(
        chargeKey: String, bookingId: String, userId: String, amountMinorUnits: Int64, currency: String,
        payment: PaymentMethod
    ) {
        self.chargeKey = chargeKey
        self.bookingId = bookingId
        self.userId = userId
        self.amountMinorUnits = amountMinorUnits
        self.currency = currency
        self.payment = payment
    }
}

/// How far a charge has come.
package enum ChargeState: String, Sendable, Codable, CaseIterable {
    /// Sent to the provider, whose answer is not known yet.
    case pending = "Pending"
    case captured = "Captured"
    case declined = "Declined"
    /// Given up: no later charge under this key can succeed.
    case voided = "Voided"
}

/// A charge as the payment service knows it.
package struct ChargeDocument: Sendable, Hashable, Codable {
    package let chargeKey: String
    package let paymentId: String
    package let bookingId: String
    package let state: ChargeState
    package let amountMinorUnits: Int64
    package let refundedMinorUnits: Int64
    package let currency: String
    /// Why the provider refused, such as `card_declined` or `insufficient_funds`.
    package let declineCode: String?

    package init(
        chargeKey: String, paymentId: String, bookingId: String, state: ChargeState, amountMinorUnits: Int64,
        refundedMinorUnits: Int64, currency: String, declineCode: String?
    ) {
        self.chargeKey = chargeKey
        self.paymentId = paymentId
        self.bookingId = bookingId
        self.state = state
        self.amountMinorUnits = amountMinorUnits
        self.refundedMinorUnits = refundedMinorUnits
        self.currency = currency
        self.declineCode = declineCode
    }
}

/// `POST /internal/charges/{key}/void`: exclude any charge under a key, also one that is still on its way.
package struct VoidRequest: Sendable, Codable {
    package let bookingId: String
    package let userId: String
    package let amountMinorUnits: Int64
    package let currency: String

    package init(bookingId: String, userId: String, amountMinorUnits: Int64, currency: String) {
        self.bookingId = bookingId
        self.userId = userId
        self.amountMinorUnits = amountMinorUnits
        self.currency = currency
    }
}

/// `POST /internal/charges/{key}/refund`: give money back once for each refund key.
package struct RefundRequest: Sendable, Codable {
    package let refundKey: String
    /// What to refund; all that is left when absent.
    package let amountMinorUnits: Int64?

    package init(refundKey: String, amountMinorUnits: Int64? = nil) {
        self.refundKey = refundKey
        self.amountMinorUnits = amountMinorUnits
    }
}
