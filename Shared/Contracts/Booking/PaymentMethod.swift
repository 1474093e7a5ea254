/// How a buyer pays: a card's data, or a token that stands for one.
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

    package var description: String { "PaymentMethod(…)" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
