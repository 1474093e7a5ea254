/// What an event's life has come to.
package enum EventStatus: String, Sendable, Codable, CaseIterable {
    case draft = "Draft"
    case active = "Active"
    case cancelled = "Cancelled"
    case ended = "Ended"
}

/// When the seats of a cart are reserved.
package enum ReservePolicy: String, Sendable, Codable, CaseIterable {
    /// At checkout, the default.
    case checkout
    /// As soon as a line is added.
    case cart
}

/// How the places of a ticket type are sold.
package enum Seating: String, Sendable, Codable, CaseIterable {
    /// By number: any place will do.
    case general
    /// By seat.
    case reserved
}

/// An event as everyone sees it, with what is left to buy.
package struct EventDocument: Sendable, Hashable, Codable {
    package let id: String
    package let title: String
    package let description: String?
    package let artist: String?
    package let venue: String
    package let venueAddress: String?
    package let city: String?
    package let category: String?
    package let eventDate: Timestamp
    package let endDate: Timestamp?
    package let status: EventStatus
    package let isActive: Bool
    package let ownerId: String
    package let reserveOn: ReservePolicy
    package let maxPerOrder: Int
    package let totalCapacity: Int
    package let availableCapacity: Int
    package let waitingRoom: Bool
    package let version: Int64
    package let ticketTypes: [TicketTypeDocument]
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(
        id: String, title: String, description: String?, artist: String?, venue: String, venueAddress: String?,
        city: String?, category: String?, eventDate: Timestamp, endDate: Timestamp?, status: EventStatus,
        isActive: Bool, ownerId: String, reserveOn: ReservePolicy, maxPerOrder: Int, totalCapacity: Int,
        availableCapacity: Int, waitingRoom: Bool, version: Int64, ticketTypes: [TicketTypeDocument],
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.artist = artist
        self.venue = venue
        self.venueAddress = venueAddress
        self.city = city
        self.category = category
        self.eventDate = eventDate
        self.endDate = endDate
        self.status = status
        self.isActive = isActive
        self.ownerId = ownerId
        self.reserveOn = reserveOn
        self.maxPerOrder = maxPerOrder
        self.totalCapacity = totalCapacity
        self.availableCapacity = availableCapacity
        self.waitingRoom = waitingRoom
        self.version = version
        self.ticketTypes = ticketTypes
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
