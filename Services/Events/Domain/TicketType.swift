import Contracts

/// A kind of ticket of an event and its price.
struct TicketType: Sendable, Hashable {
    let id: String
    var name: String
    var description: String?
    var price: Money
    let seating: Seating
    /// Places in all; for reserved seating the number of seats of the type's sections.
    var capacity: Int
    var saleStartsAt: Timestamp?
    var saleEndsAt: Timestamp?
    var isActive: Bool
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

/// The blocks of seats of an event by ticket type id; types of general admission have none.
typealias SeatPlan = [String: [SeatSection]]
