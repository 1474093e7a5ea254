/// `POST /api/events`.
package struct CreateEventRequest: Sendable, Codable {
    package struct TicketType: Sendable, Codable {
        package let name: String
        package let price: DecimalAmount
        /// Places of a `general` type; for `reserved` ones the seats count and this may be left out.
        package let capacity: Int?
        package let currency: String?
        package let description: String?
        package let seating: Seating?
        package let saleStartsAt: Timestamp?
        package let saleEndsAt: Timestamp?
        package let sections: [SeatSection]?

        package init(
            name: String, price: DecimalAmount, capacity: Int? = nil, currency: String? = nil,
            description: String? = nil, seating: Seating? = nil, saleStartsAt: Timestamp? = nil,
            saleEndsAt: Timestamp? = nil, sections: [SeatSection]? = nil
        ) {
            self.name = name
            self.price = price
            self.capacity = capacity
            self.currency = currency
            self.description = description
            self.seating = seating
            self.saleStartsAt = saleStartsAt
            self.saleEndsAt = saleEndsAt
            self.sections = sections
        }
    }

    package let title: String
    package let eventDate: Timestamp
    package let venue: String
    package let ticketTypes: [TicketType]
    package let description: String?
    package let artist: String?
    package let venueAddress: String?
    package let city: String?
    package let category: String?
    package let endDate: Timestamp?
    package let reserveOn: ReservePolicy?
    package let maxPerOrder: Int?
    /// Only `Draft` may be asked for; otherwise the event is on sale at once.
    package let status: EventStatus?

    package init(
        title: String, eventDate: Timestamp, venue: String, ticketTypes: [TicketType], description: String? = nil,
        artist: String? = nil, venueAddress: String? = nil, city: String? = nil, category: String? = nil,
        endDate: Timestamp? = nil, reserveOn: ReservePolicy? = nil, maxPerOrder: Int? = nil,
        status: EventStatus? = nil
    ) {
        self.title = title
        self.eventDate = eventDate
        self.venue = venue
        self.ticketTypes = ticketTypes
        self.description = description
        self.artist = artist
        self.venueAddress = venueAddress
        self.city = city
        self.category = category
        self.endDate = endDate
        self.reserveOn = reserveOn
        self.maxPerOrder = maxPerOrder
        self.status = status
    }
}

/// A block of seats `NAME-1-1` to `NAME-rows-seatsPerRow`.
package struct SeatSection: Sendable, Hashable, Codable {
    package let name: String
    package let rows: Int
    package let seatsPerRow: Int

    package init(name: String, rows: Int, seatsPerRow: Int) {
        self.name = name
        self.rows = rows
        self.seatsPerRow = seatsPerRow
    }
}
