/// One booking with its tickets, for audits: `GET /api/bookings/reconciliation?eventId=&after=&limit=` (admin).
package struct BookingReconciliationEntry: Sendable, Hashable, Codable {
    package struct Ticket: Sendable, Hashable, Codable {
        package let ticketId: String
        package let ticketTypeId: String
        package let seatNumber: String?
        package let priceMinorUnits: Int64
        package let status: TicketStatus

        package init(
            ticketId: String, ticketTypeId: String, seatNumber: String?, priceMinorUnits: Int64, status: TicketStatus
        ) {
            self.ticketId = ticketId
            self.ticketTypeId = ticketTypeId
            self.seatNumber = seatNumber
            self.priceMinorUnits = priceMinorUnits
            self.status = status
        }
    }

    package let bookingId: String
    package let userId: String
    package let eventId: String
    package let reservationId: String
    package let status: BookingStatus
    package let paymentStatus: PaymentStatus
    package let totalMinorUnits: Int64
    package let currency: String
    package let chargeKey: String
    package let quantity: Int
    package let tickets: [Ticket]

    package init(
        bookingId: String, userId: String, eventId: String, reservationId: String, status: BookingStatus,
        paymentStatus: PaymentStatus, totalMinorUnits: Int64, currency: String, chargeKey: String, quantity: Int,
        tickets: [Ticket]
    ) {
        self.bookingId = bookingId
        self.userId = userId
        self.eventId = eventId
        self.reservationId = reservationId
        self.status = status
        self.paymentStatus = paymentStatus
        self.totalMinorUnits = totalMinorUnits
        self.currency = currency
        self.chargeKey = chargeKey
        self.quantity = quantity
        self.tickets = tickets
    }
}
