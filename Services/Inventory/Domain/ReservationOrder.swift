import Contracts

/// What a buyer wants to hold, checked for form but not yet against the stock.
struct ReservationOrder: Sendable, Hashable {
    /// How the places are named.
    enum Selection: Sendable, Hashable {
        /// Seat numbers, sorted and without repetition.
        case seats([String])
        /// Places by ticket type; of reserved seating the best ones that are free.
        case items([Item])
        /// The best free seats of a ticket type or section, or of the whole event.
        case bestAvailable(ticketTypeID: String?, section: String?, quantity: Int)
    }

    struct Item: Sendable, Hashable {
        let ticketTypeID: String
        let quantity: Int
    }

    /// The most places that any event allows in an order; the event's own limit is checked with its rules.
    static let quantityMax = 100

    let eventID: String
    let userID: String
    let selection: Selection
    var door = ReservationDoor.reservations
    let customer: CustomerDocument?
    let notes: String?

    /// The seats that are asked for by number; none where they are not.
    var seatNumbers: [String] {
        if case .seats(let numbers) = selection { numbers } else { [] }
    }

    /// How many places are asked for.
    var quantity: Int {
        switch selection {
        case .seats(let numbers): numbers.count
        case .items(let items): items.reduce(0) { $0 + $1.quantity }
        case .bestAvailable(_, _, let quantity): quantity
        }
    }
}
