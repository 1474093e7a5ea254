import Contracts

/// A kind of ticket of an event and its price.
struct TicketType: Sendable, Hashable, Codable {
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
typealias SeatPlan = [String: [EventRules.Section]]

extension SeatPlan {
    /// Seats of the whole event.
    var seats: Int { values.joined().reduce(0) { $0 + $1.seats } }

    /// Where the seats of the next section stand in the seat order: behind all others.
    var nextOrdinal: Int64 { values.joined().map { $0.firstOrdinal + Int64($0.seats) }.max() ?? 0 }
}
