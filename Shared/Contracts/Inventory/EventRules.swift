/// The rules of sale and the stock of an event, as events pushes them: `PUT /internal/events/{id}`.
///
/// Inventory keeps its own copy, so that reserving asks nobody. It answers with a ``RulesDecision``, made once for each
/// version: the same version again is answered the same, an older one changes nothing.
package struct EventRules: Sendable, Hashable, Codable {
    /// A block of seats `NAME-1-1` to `NAME-rows-seatsPerRow`, whose name occurs once in an event.
    package struct Section: Sendable, Hashable, Codable {
        package let name: String
        package let rows: Int
        package let seatsPerRow: Int
        /// Where the section's first seat stands in the seat order of the event; the others follow row by row.
        ///
        /// Never changes and is never given again, so that seats made later do not take the place of others.
        package let firstOrdinal: Int64

        package init(name: String, rows: Int, seatsPerRow: Int, firstOrdinal: Int64) {
            self.name = name
            self.rows = rows
            self.seatsPerRow = seatsPerRow
            self.firstOrdinal = firstOrdinal
        }

        package var seats: Int { rows * seatsPerRow }
    }

    package struct TicketType: Sendable, Hashable, Codable {
        package let ticketTypeId: String
        package let name: String
        package let priceMinorUnits: Int64
        package let currency: String
        package let seating: Seating
        /// Places in all; for reserved seating the number of seats in ``sections``.
        package let capacity: Int
        package let sections: [Section]
        package let saleStartsAt: Timestamp?
        package let saleEndsAt: Timestamp?
        package let isActive: Bool

        package init(
            ticketTypeId: String, name: String, priceMinorUnits: Int64, currency: String, seating: Seating,
            capacity: Int, sections: [Section], saleStartsAt: Timestamp?, saleEndsAt: Timestamp?, isActive: Bool
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
    /// Rises with everything that inventory is told of the event, so also with what it refuses; not the version that
    /// people see.
    package let version: Int64
    package let status: EventStatus
    package let isActive: Bool
    package let eventDate: Timestamp
    package let endDate: Timestamp?
    package let maxPerOrder: Int
    package let reserveOn: ReservePolicy
    package let ticketTypes: [TicketType]

    package init(
        eventId: String, ownerId: String, version: Int64, status: EventStatus, isActive: Bool, eventDate: Timestamp,
        endDate: Timestamp?, maxPerOrder: Int, reserveOn: ReservePolicy, ticketTypes: [TicketType]
    ) {
        self.eventId = eventId
        self.ownerId = ownerId
        self.version = version
        self.status = status
        self.isActive = isActive
        self.eventDate = eventDate
        self.endDate = endDate
        self.maxPerOrder = maxPerOrder
        self.reserveOn = reserveOn
        self.ticketTypes = ticketTypes
    }
}
