/// `POST /api/events/{id}/tickets`: more tickets of one type.
package struct AddTicketsRequest: Sendable, Codable {
    package let ticketTypeId: String
    /// Places of general admission that come on top.
    package let quantity: Int?
    /// Blocks of seats that come on top; their names are new to the event.
    package let sections: [SeatSection]?

    package init(ticketTypeId: String, quantity: Int) {
        self.ticketTypeId = ticketTypeId
        self.quantity = quantity
        self.sections = nil
    }

    package init(ticketTypeId: String, sections: [SeatSection]) {
        self.ticketTypeId = ticketTypeId
        self.quantity = nil
        self.sections = sections
    }
}

/// The reply: how many tickets were made.
package struct TicketsCreated: Sendable, Hashable, Codable {
    package let created: Int

    package init(created: Int) {
        self.created = created
    }
}
