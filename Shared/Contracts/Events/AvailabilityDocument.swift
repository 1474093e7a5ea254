/// What is left of an event: `GET /api/events/{id}/availability`.
package struct AvailabilityDocument: Sendable, Hashable, Codable {
    package struct TicketType: Sendable, Hashable, Codable {
        package let ticketTypeId: String
        package let name: String
        package let price: DecimalAmount
        package let currency: String
        package let totalQuantity: Int
        package let reservedQuantity: Int
        package let soldQuantity: Int
        package let availableCount: Int

        package init(ticketTypeId: String, name: String, price: DecimalAmount, currency: String, stock: TicketTypeStock)
        {
            self.ticketTypeId = ticketTypeId
            self.name = name
            self.price = price
            self.currency = currency
            self.totalQuantity = stock.total
            self.reservedQuantity = stock.reserved
            self.soldQuantity = stock.sold
            self.availableCount = stock.available
        }
    }

    package let eventId: String
    package let totalCapacity: Int
    package let availableCapacity: Int
    /// Rises with every change of the event's stock.
    package let version: Int64
    package let ticketTypes: [TicketType]

    package init(eventId: String, version: Int64, ticketTypes: [TicketType]) {
        self.eventId = eventId
        self.totalCapacity = ticketTypes.reduce(0) { $0 + $1.totalQuantity }
        self.availableCapacity = ticketTypes.reduce(0) { $0 + $1.availableCount }
        self.version = version
        self.ticketTypes = ticketTypes
    }
}
