/// `POST /api/inventory/reservations`: exactly one of `seatNumbers`, `items` and `bestAvailable`.
package struct ReservationRequest: Sendable, Codable {
    package struct Item: Sendable, Codable {
        package let ticketTypeId: String
        package let quantity: Int

        package init(ticketTypeId: String, quantity: Int) {
            self.ticketTypeId = ticketTypeId
            self.quantity = quantity
        }
    }

    package struct BestAvailable: Sendable, Codable {
        package let ticketTypeId: String?
        package let section: String?
        package let quantity: Int

        package init(ticketTypeId: String? = nil, section: String? = nil, quantity: Int) {
            self.ticketTypeId = ticketTypeId
            self.section = section
            self.quantity = quantity
        }
    }

    package let eventId: String
    package let seatNumbers: [String]?
    package let items: [Item]?
    package let bestAvailable: BestAvailable?
    package let customer: CustomerDocument?
    package let notes: String?
    /// How long to wait for seats that another buyer is taking at this moment, in milliseconds.
    package let waitMs: Int?

    package init(
        eventId: String, seatNumbers: [String]? = nil, items: [Item]? = nil, bestAvailable: BestAvailable? = nil,
        customer: CustomerDocument? = nil, notes: String? = nil, waitMs: Int? = nil
    ) {
        self.eventId = eventId
        self.seatNumbers = seatNumbers
        self.items = items
        self.bestAvailable = bestAvailable
        self.customer = customer
        self.notes = notes
        self.waitMs = waitMs
    }
}

/// Who the tickets are for.
package struct CustomerDocument: Sendable, Hashable, Codable {
    package let name: String?
    package let email: String?
    package let phone: String?

    package init(name: String? = nil, email: String? = nil, phone: String? = nil) {
        self.name = name
        self.email = email
        self.phone = phone
    }
}
