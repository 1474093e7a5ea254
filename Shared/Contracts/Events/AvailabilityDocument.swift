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
            self.reservedQuantity = stock.reserved + stock.blocked
            self.soldQuantity = stock.sold
            self.availableCount = stock.available
        }
    }

    package let eventId: String
    /// Whether the event is on: who follows it on a stream learns here that it was cancelled or is over.
    package let status: EventStatus
    /// Whether it is offered at all.
    package let isActive: Bool
    package let totalCapacity: Int
    package let availableCapacity: Int
    /// Rises with every change of the event's stock.
    package let version: Int64
    package let ticketTypes: [TicketType]

    package init(
        eventId: String, status: EventStatus, isActive: Bool, version: Int64, ticketTypes: [TicketType]
    ) {
        self.eventId = eventId
        self.status = status
        self.isActive = isActive
        self.totalCapacity = ticketTypes.reduce(0) { $0 + $1.totalQuantity }
        self.availableCapacity = ticketTypes.reduce(0) { $0 + $1.availableCount }
        self.version = version
        self.ticketTypes = ticketTypes
    }

    private init(_ whole: AvailabilityDocument, ticketTypes: [TicketType]) {
        eventId = whole.eventId
        status = whole.status
        isActive = whole.isActive
        totalCapacity = whole.totalCapacity
        availableCapacity = whole.availableCapacity
        version = whole.version
        self.ticketTypes = ticketTypes
    }

    /// The same with some of the ticket types: what a stream tells of a change. The sums stay those of the event.
    package func naming(only ids: Set<String>) -> AvailabilityDocument {
        AvailabilityDocument(self, ticketTypes: ticketTypes.filter { ids.contains($0.ticketTypeId) })
    }
}
