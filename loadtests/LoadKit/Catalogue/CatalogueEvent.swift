package import Contracts

/// An event that nobody has made yet: what an organizer would fill in.
package struct CatalogueEvent: Sendable, Hashable {
    package struct TicketType: Sendable, Hashable {
        package let name: String
        package let price: Money
        /// All places, those of ``sections`` where there are some.
        package let capacity: Int
        /// Empty where places have no numbers.
        package let sections: [SeatSection]

        package init(name: String, price: Money, capacity: Int, sections: [SeatSection] = []) {
            self.name = name
            self.price = price
            self.capacity = capacity
            self.sections = sections
        }

        var seating: Seating { sections.isEmpty ? .general : .reserved }
    }

    package let title: String
    package var description: String?
    package var artist: String?
    package let venue: String
    package var venueAddress: String?
    package var city: String?
    package var category: String?
    /// When it begins, counted from the day on which the catalogue begins.
    package let beginsAfter: Duration
    /// Nil where no end is announced.
    package var length: Duration?
    package let ticketTypes: [TicketType]

    package init(
        title: String, description: String? = nil, artist: String? = nil, venue: String, venueAddress: String? = nil,
        city: String? = nil, category: String? = nil, beginsAfter: Duration, length: Duration? = nil,
        ticketTypes: [TicketType]
    ) {
        self.title = title
        self.description = description
        self.artist = artist
        self.venue = venue
        self.venueAddress = venueAddress
        self.city = city
        self.category = category
        self.beginsAfter = beginsAfter
        self.length = length
        self.ticketTypes = ticketTypes
    }

    /// What makes it, in a catalogue that begins at `start`.
    package func request(from start: Timestamp) -> CreateEventRequest {
        CreateEventRequest(
            title: title, eventDate: start + beginsAfter, venue: venue,
            ticketTypes: ticketTypes.map { type in
                CreateEventRequest.TicketType(
                    name: type.name, price: type.price.amount, capacity: type.sections.isEmpty ? type.capacity : nil,
                    currency: type.price.currency.code, seating: type.seating,
                    sections: type.sections.isEmpty ? nil : type.sections)
            },
            description: description, artist: artist, venueAddress: venueAddress, city: city, category: category,
            endDate: length.map { start + beginsAfter + $0 })
    }

    /// The event as its service would tell of it, had somebody made it at `start`.
    ///
    /// - Parameters:
    ///   - typeID: the id of the ticket type with a number from 0
    ///   - sold: places sold of each type
    package func document(
        id: String, from start: Timestamp, status: EventStatus = .active, version: Int64 = 1, sold: Int = 0,
        typeID: (Int) -> String
    ) -> EventDocument {
        let types = ticketTypes.enumerated().map { number, type in
            TicketTypeDocument(
                id: typeID(number), eventId: id, name: type.name, description: nil, price: type.price.amount,
                currency: type.price.currency.code,
                stock: TicketTypeStock(total: type.capacity, reserved: 0, sold: sold), saleStartsAt: nil,
                saleEndsAt: nil, isActive: true, seating: type.seating, createdAt: start, updatedAt: start)
        }
        return EventDocument(
            id: id, title: title, description: description, artist: artist, venue: venue, venueAddress: venueAddress,
            city: city, category: category, eventDate: start + beginsAfter,
            endDate: length.map { start + beginsAfter + $0 }, status: status, isActive: status == .active,
            ownerId: "o", reserveOn: .checkout, maxPerOrder: 10,
            totalCapacity: types.reduce(0) { $0 + $1.totalQuantity },
            availableCapacity: types.reduce(0) { $0 + $1.availableCount }, waitingRoom: false, version: version,
            ticketTypes: types, createdAt: start, updatedAt: start)
    }
}
