/// The rules of sale and the stock of an event, as events pushes them: `PUT /internal/events/{id}`.
///
/// Inventory keeps its own copy, so that reserving asks nobody; a version at or below the stored one changes nothing.
package struct EventRules: Sendable, Hashable, Codable {
    package struct TicketType: Sendable, Hashable, Codable {
        package let ticketTypeId: String
        package let name: String
        package let priceMinorUnits: Int64
        package let currency: String
        package let seating: Seating
        /// Places in all; for reserved seating the number of seats in ``sections``.
        package let capacity: Int
        package let sections: [SeatSection]
        package let saleStartsAt: Timestamp?
        package let saleEndsAt: Timestamp?
        package let isActive: Bool

        package init(
            ticketTypeId: String, name: String, priceMinorUnits: Int64, currency: String, seating: Seating,
            capacity: Int, sections: [SeatSection], saleStartsAt: Timestamp?, saleEndsAt: Timestamp?, isActive: Bool
        ) {
            self.ticketTypeId = ticketTypeId
            self.name = name
            self.priceMinorUnits = priceMinorUnits
            self.currency = currency
            self.seating = seating
            self.capacity = capacity
            self.sections = sections
            self.saleStartsAt = saleStartsAt
            self.saleEndsAt = saleEndsAt
            self.isActive = isActive
        }
    }

    package let eventId: String
    package let ownerId: String
    package let version: Int64
    package let status: EventStatus
    package let isActive: Bool
    package let eventDate: Timestamp
    package let endDate: Timestamp?
    package let maxPerOrder: Int
    package let ticketTypes: [TicketType]

    package init(
        eventId: String, ownerId: String, version: Int64, status: EventStatus, isActive: Bool, eventDate: Timestamp,
        endDate: Timestamp?, maxPerOrder: Int, ticketTypes: [TicketType]
    ) {
        self.eventId = eventId
        self.ownerId = ownerId
        self.version = version
        self.status = status
        self.isActive = isActive
        self.eventDate = eventDate
        self.endDate = endDate
        self.maxPerOrder = maxPerOrder
        self.ticketTypes = ticketTypes
    }
}

/// The counters of one event: `GET /internal/availability?ids=a,b` answers with a bare array of these.
package struct EventStock: Sendable, Hashable, Codable {
    package let eventId: String
    /// Rises with every change of the event's stock.
    package let version: Int64
    package let ticketTypes: [String: TicketTypeStock]

    package init(eventId: String, version: Int64, ticketTypes: [String: TicketTypeStock]) {
        self.eventId = eventId
        self.version = version
        self.ticketTypes = ticketTypes
    }
}
