import Contracts

/// What a buyer pays with, checked for form.
enum PaymentInstrument: Sendable, CustomStringConvertible, CustomReflectable {
    case card(CardDetails)
    /// A token of the provider that stands for a card.
    case token(String)

    /// The last four digits, when there is a card.
    var lastFour: String? {
        switch self {
        case .card(let card): card.lastFour
        case .token: nil
        }
    }

    var description: String { "PaymentInstrument(…)" }

    var customMirror: Mirror { Mirror(self, children: []) }

    /// Checks `method`: a card or a token, not both, not neither. `isToken` tells the provider's tokens from others.
    ///
    /// - Parameter field: what the request calls the card, for the names of wrong fields
    init(
        _ method: PaymentMethod, field: String = "payment", at now: Timestamp, isToken: (String) -> Bool
    ) throws(PaymentRefusal) {
        let hasCard =
            method.cardNumber != nil || method.cardHolderName != nil || method.expiryDate != nil || method.cvv != nil
        // An object has its token in a member, elsewhere the token stands in the card's place.
        let tokenField = field == "payment" ? "payment.method" : field
        var errors: [FieldError] = []
        switch method.method {
        case .some where hasCard:
            throw .invalid([FieldError(tokenField, "must not be sent together with a card")])
        case .some(let token):
            guard isToken(token) else {
                throw .invalid([FieldError(tokenField, "is not a payment token known here")])
            }
            self = .token(token)
        case nil:
            guard hasCard else {
                throw .invalid([FieldError(field, "must be a card or a payment token")])
            }
            guard let card = CardDetails(method, field: field, at: now, errors: &errors) else { throw .invalid(errors) }
            self = .card(card)
        }
    }
}
