/// Whether a seat can be had.
package enum SeatStatus: String, Sendable, Codable, CaseIterable {
    case available = "Available"
    case reserved = "Reserved"
    case sold = "Sold"
    case blocked = "Blocked"
}

/// A seat of an event: `GET /api/inventory/events/{eventId}/seats`.
package struct SeatDocument: Sendable, Hashable, Codable {
    package let seatId: String
    package let eventId: String
    /// `SECTION-ROW-SEAT`, unique in the event.
    package let seatNumber: String
    package let section: String
    package let rowNumber: Int
    /// The name of the seat's ticket type.
    package let seatType: String
    package let ticketTypeId: String
    package let price: DecimalAmount
    package let currency: String
    package let status: SeatStatus

    package init(
        seatId: String, eventId: String, seatNumber: String, section: String, rowNumber: Int, seatType: String,
        ticketTypeId: String, price: DecimalAmount, currency: String, status: SeatStatus
    ) {
        self.seatId = seatId
        self.eventId = eventId
        self.seatNumber = seatNumber
        self.section = section
        self.rowNumber = rowNumber
        self.seatType = seatType
        self.ticketTypeId = ticketTypeId
        self.price = price
        self.currency = currency
        self.status = status
    }
}
