/// What became of a ticket.
package enum TicketStatus: String, Sendable, Codable, CaseIterable {
    case purchased = "Purchased"
    case cancelled = "Cancelled"
    case used = "Used"
}

/// The right of one person to one place.
package struct TicketDocument: Sendable, Hashable, Codable {
    package let ticketId: String
    package let ticketNumber: String
    package let bookingId: String
    package let eventId: String
    package let ticketTypeId: String
    /// Absent for general admission.
    package let seatNumber: String?
    package let price: DecimalAmount
    package let currency: String
    package let status: TicketStatus
    package let customerName: String?
    package let customerEmail: String?
    package let customerPhone: String?
    package let notes: String?
    package let reservedAt: Timestamp
    package let purchasedAt: Timestamp
    package let cancelledAt: Timestamp?
    package let usedAt: Timestamp?

    package init(
        ticketId: String, ticketNumber: String, bookingId: String, eventId: String, ticketTypeId: String,
        seatNumber: String?, price: DecimalAmount, currency: String, status: TicketStatus,
        customer: CustomerDocument?, notes: String?, reservedAt: Timestamp, purchasedAt: Timestamp,
        cancelledAt: Timestamp?, usedAt: Timestamp?
    ) {
        self.ticketId = ticketId
        self.ticketNumber = ticketNumber
        self.bookingId = bookingId
        self.eventId = eventId
        self.ticketTypeId = ticketTypeId
        self.seatNumber = seatNumber
        self.price = price
        self.currency = currency
        self.status = status
        self.customerName = customer?.name
        self.customerEmail = customer?.email
        self.customerPhone = customer?.phone
        self.notes = notes
        self.reservedAt = reservedAt
        self.purchasedAt = purchasedAt
        self.cancelledAt = cancelledAt
        self.usedAt = usedAt
    }
}
