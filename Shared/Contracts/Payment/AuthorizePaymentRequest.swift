/// `POST /api/payments`: have the bank agree to an amount before anything is bought.
package struct AuthorizePaymentRequest: Sendable, Hashable, Codable {
    package let amount: DecimalAmount
    /// The code of a currency; `USD` when absent.
    package let currency: String?
    /// A card's data, or a token that stands for one; written as the card object or as the token itself.
    package let method: PaymentMethod

    package init(amount: DecimalAmount, currency: String? = nil, method: PaymentMethod) {
        self.amount = amount
        self.currency = currency
        self.method = method
    }

    private enum CodingKeys: CodingKey {
        case amount, currency, method
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        amount = try container.decode(DecimalAmount.self, forKey: .amount)
        currency = try container.decodeIfPresent(String.self, forKey: .currency)
        do {
            method = .token(try container.decode(String.self, forKey: .method))
        } catch DecodingError.typeMismatch {
            method = try container.decode(PaymentMethod.self, forKey: .method)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(amount, forKey: .amount)
        try container.encodeIfPresent(currency, forKey: .currency)
        if let token = method.method {
            try container.encode(token, forKey: .method)
        } else {
            try container.encode(method, forKey: .method)
        }
    }
}

/// `POST /api/payments/{id}/refund` (admin): give a payment back that no booking has.
package struct RefundPaymentRequest: Sendable, Hashable, Codable {
    /// The whole amount, for nothing was taken yet; may be absent.
    package let amount: DecimalAmount?

    package init(amount: DecimalAmount? = nil) {
        self.amount = amount
    }
}

/// The answer to a provider's webhook that was taken in.
package struct WebhookReceipt: Sendable, Hashable, Codable {
    package let received: Bool

    package init(received: Bool) {
        self.received = received
    }
}
