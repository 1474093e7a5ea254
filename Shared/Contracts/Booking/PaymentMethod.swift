/// How a buyer pays: a card's data, a token that stands for one, or, between services, a payment made before.
///
/// Card data is passed on to the payment provider and nowhere else: the type prints no number, so a log line or an
/// error that interpolates a request cannot leak one.
package struct PaymentMethod: Sendable, Hashable, Codable, CustomStringConvertible, CustomReflectable {
    package let cardNumber: String?
    package let cardHolderName: String?
    /// `MM/YY` or `MM/YYYY`.
    package let expiryDate: String?
    package let cvv: String?
    /// A token of the provider, such as `tok_visa`, instead of a card.
    package let method: String?
    /// What the buyer believes to pay; refused when it differs.
    package let amount: DecimalAmount?
    /// An authorized payment of the buyer, `PAY_…`, that is claimed and captured instead of a new charge.
    ///
    /// Neither read from nor written to JSON with the rest, so that no client can send one in a payment object;
    /// ``ChargeRequest`` carries it between services.
    package private(set) var reference: String? = nil

    private enum CodingKeys: CodingKey {
        case cardNumber, cardHolderName, expiryDate, cvv, method, amount
    }

    package init(
        cardNumber: String? = nil, cardHolderName: String? = nil, expiryDate: String? = nil, cvv: String? = nil,
        method: String? = nil, amount: DecimalAmount? = nil
    ) {
        self.cardNumber = cardNumber
        self.cardHolderName = cardHolderName
        self.expiryDate = expiryDate
        self.cvv = cvv
        self.method = method
        self.amount = amount
    }

    /// A token instead of a card.
    package static func token(_ token: String) -> PaymentMethod { PaymentMethod(method: token) }

    /// A payment that was authorized before, by what people call it: `PAY_…`.
    package static func reference(_ reference: String) -> PaymentMethod {
        var method = PaymentMethod()
        method.reference = reference
        return method
    }

    package var description: String { "PaymentMethod(…)" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
