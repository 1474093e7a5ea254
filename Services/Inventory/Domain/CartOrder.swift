/// What a buyer adds to the cart.
enum CartOrder: Sendable, Hashable {
    case places(ticketTypeID: String, quantity: Int)
    /// Seat numbers, sorted and without repetition.
    case seats(eventID: String, [String])

    /// The same for equal orders and no others.
    var fingerprint: String {
        switch self {
        case .places(let ticketTypeID, let quantity): "\(ticketTypeID) \(quantity)"
        case .seats(let eventID, let numbers): "\(eventID) \(numbers.joined(separator: ","))"
        }
    }
}
