/// A kind of ticket of an event, with its price and counters.
package struct TicketTypeDocument: Sendable, Hashable, Codable {
    package let id: String
    package let eventId: String
    package let name: String
    package let description: String?
    package let price: DecimalAmount
    package let currency: String
    /// Equal to ``totalQuantity``.
    package let capacity: Int
    package let totalQuantity: Int
    package let reservedQuantity: Int
    package let soldQuantity: Int
    package let availableCount: Int
    package let saleStartsAt: Timestamp?
    package let saleEndsAt: Timestamp?
    package let isActive: Bool
    package let seating: Seating
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(
        id: String, eventId: String, name: String, description: String?, price: DecimalAmount, currency: String,
        stock: TicketTypeStock, saleStartsAt: Timestamp?, saleEndsAt: Timestamp?, isActive: Bool, seating: Seating,
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.eventId = eventId
        self.name = name
        self.description = description
        self.price = price
        self.currency = currency
        self.capacity = stock.total
        self.totalQuantity = stock.total
        self.reservedQuantity = stock.reserved + stock.blocked
        self.soldQuantity = stock.sold
        self.availableCount = stock.available
        self.saleStartsAt = saleStartsAt
        self.saleEndsAt = saleEndsAt
        self.isActive = isActive
        self.seating = seating
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
