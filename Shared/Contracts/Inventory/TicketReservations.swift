/// `POST /api/tickets/reserve`: hold a quantity of one ticket type for a customer.
package struct TicketReservationRequest: Sendable, Codable {
    package let eventId: String
    package let ticketTypeId: String
    /// 1 to 10.
    package let quantity: Int
    package let customerName: String
    package let customerEmail: String
    package let customerPhone: String?
    package let notes: String?

    package init(
        eventId: String, ticketTypeId: String, quantity: Int, customerName: String, customerEmail: String,
        customerPhone: String? = nil, notes: String? = nil
    ) {
        self.eventId = eventId
        self.ticketTypeId = ticketTypeId
        self.quantity = quantity
        self.customerName = customerName
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.notes = notes
    }
}

/// The answer to ``TicketReservationRequest``.
package struct TicketReservationReply: Sendable, Hashable, Codable {
    package struct Ticket: Sendable, Hashable, Codable {
        package let ticketNumber: String

        package init(ticketNumber: String) {
            self.ticketNumber = ticketNumber
        }
    }

    package let success: Bool
    package let message: String
    /// `RES_yyyyMMddHHmmss_XXXXXXXX`: good wherever a reservation's id is.
    package let reservationId: String
    package let tickets: [Ticket]
    package let expiresAt: Timestamp
    package let totalPrice: DecimalAmount
    /// `hh:mm:ss`
    package let timeRemaining: String

    package init(
        reservationId: String, ticketNumbers: [String], expiresAt: Timestamp, totalPrice: DecimalAmount,
        timeRemaining: String
    ) {
        success = true
        message = "Successfully reserved \(ticketNumbers.count) ticket(s)"
        self.reservationId = reservationId
        tickets = ticketNumbers.map(Ticket.init)
        self.expiresAt = expiresAt
        self.totalPrice = totalPrice
        self.timeRemaining = timeRemaining
    }
}

/// `GET /api/tickets/reservation/{id}`.
package struct TicketReservationDocument: Sendable, Hashable, Codable {
    package let reservationId: String
    package let eventId: String
    package let ticketTypeId: String
    package let quantity: Int
    package let customerName: String?
    package let customerEmail: String?
    package let customerPhone: String?
    package let pricePerTicket: DecimalAmount
    package let totalPrice: DecimalAmount
    package let reservedAt: Timestamp
    package let expiresAt: Timestamp
    package let notes: String?
    package let ticketNumbers: [String]
    package let isExpired: Bool
    /// `hh:mm:ss`; zero when it ended.
    package let timeRemaining: String

    package init(
        reservationId: String, eventId: String, ticketTypeId: String, quantity: Int, customer: CustomerDocument?,
        pricePerTicket: DecimalAmount, totalPrice: DecimalAmount, reservedAt: Timestamp, expiresAt: Timestamp,
        notes: String?, ticketNumbers: [String], isExpired: Bool, timeRemaining: String
    ) {
        self.reservationId = reservationId
        self.eventId = eventId
        self.ticketTypeId = ticketTypeId
        self.quantity = quantity
        customerName = customer?.name
        customerEmail = customer?.email
        customerPhone = customer?.phone
        self.pricePerTicket = pricePerTicket
        self.totalPrice = totalPrice
        self.reservedAt = reservedAt
        self.expiresAt = expiresAt
        self.notes = notes
        self.ticketNumbers = ticketNumbers
        self.isExpired = isExpired
        self.timeRemaining = timeRemaining
    }
}

/// `{success, message}`: the answer of routes that only say that it is done.
package struct DoneReply: Sendable, Hashable, Codable {
    package let success: Bool
    package let message: String

    package init(_ message: String) {
        success = true
        self.message = message
    }
}
