/// `POST /internal/charges`: charge a buyer once, whatever happens to the call.
///
/// With a card or a token the buyer is charged anew. With `PaymentMethod.reference` the authorized payment of that
/// reference is claimed for `bookingId` and captured under `chargeKey`; afterwards the charge is found, voided and
/// refunded by its key like any other.
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

    private enum CodingKeys: CodingKey {
        case chargeKey, bookingId, userId, amountMinorUnits, currency, payment, paymentReference
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        chargeKey = try container.decode(String.self, forKey: .chargeKey)
        bookingId = try container.decode(String.self, forKey: .bookingId)
        userId = try container.decode(String.self, forKey: .userId)
        amountMinorUnits = try container.decode(Int64.self, forKey: .amountMinorUnits)
        currency = try container.decode(String.self, forKey: .currency)
        if let reference = try container.decodeIfPresent(String.self, forKey: .paymentReference) {
            payment = .reference(reference)
        } else {
            payment = try container.decode(PaymentMethod.self, forKey: .payment)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(chargeKey, forKey: .chargeKey)
        try container.encode(bookingId, forKey: .bookingId)
        try container.encode(userId, forKey: .userId)
        try container.encode(amountMinorUnits, forKey: .amountMinorUnits)
        try container.encode(currency, forKey: .currency)
        if let reference = payment.reference {
            try container.encode(reference, forKey: .paymentReference)
        } else {
            try container.encode(payment, forKey: .payment)
        }
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
