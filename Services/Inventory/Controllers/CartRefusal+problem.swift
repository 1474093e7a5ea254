import ServiceKit

extension CartRefusal {
    /// The refusal as HTTP says it.
    var problem: Problem {
        switch self {
        case .itemUnknown: .notFound("item in the cart")
        case .ticketTypeUnknown: .notFound("ticket type")
        case .currenciesMixed: .invalid("ticketTypeId", "must be priced in the currency of the cart")
        case .full: .invalid("items", "a cart has at most \(Cart.linesMax) lines")
        case .seatsAreChosen: .invalid("quantity", "the line has chosen seats; choose more of them instead")
        case .empty: .conflict(code: "cart-empty", title: "Empty cart", detail: "There is nothing to check out.")
        case .expired: .gone(code: "cart-expired", title: "Cart expired", detail: "Add to a new cart.")
        }
    }
}
