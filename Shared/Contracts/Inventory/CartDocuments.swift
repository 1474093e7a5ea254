/// What became of a cart.
package enum CartStatus: String, Sendable, Codable, CaseIterable {
    case active = "Active"
    case expired = "Expired"
    case checkedOut = "CheckedOut"
}

/// What a buyer gathers before checking out; it may span events.
package struct CartDocument: Sendable, Hashable, Codable {
    package struct Item: Sendable, Hashable, Codable {
        package let id: String
        package let eventId: String
        package let ticketTypeId: String
        package let quantity: Int
        /// The seats that were chosen; nil where the buyer wants any.
        package let seatNumbers: [String]?
        package let unitPrice: DecimalAmount
        package let lineTotal: DecimalAmount
        /// Whether its places are held for the buyer.
        package let reserved: Bool

        package init(
            id: String, eventId: String, ticketTypeId: String, quantity: Int, seatNumbers: [String]?,
            unitPrice: DecimalAmount, lineTotal: DecimalAmount, reserved: Bool
        ) {
            self.id = id
            self.eventId = eventId
            self.ticketTypeId = ticketTypeId
            self.quantity = quantity
            self.seatNumbers = seatNumbers
            self.unitPrice = unitPrice
            self.lineTotal = lineTotal
            self.reserved = reserved
        }
    }

    package let id: String
    package let status: CartStatus
    package let items: [Item]
    package let totalAmount: DecimalAmount
    package let currency: String
    package let expiresAt: Timestamp
    /// Rises with every change.
    package let version: Int64

    package init(
        id: String, status: CartStatus, items: [Item], totalAmount: DecimalAmount, currency: String,
        expiresAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.status = status
        self.items = items
        self.totalAmount = totalAmount
        self.currency = currency
        self.expiresAt = expiresAt
        self.version = version
    }
}

/// `POST /api/cart/items`: a quantity of a ticket type, or seats of an event by number.
package struct CartItemRequest: Sendable, Codable {
    package let ticketTypeId: String?
    package let quantity: Int?
    package let eventId: String?
    package let seatNumbers: [String]?

    package init(ticketTypeId: String, quantity: Int) {
        self.ticketTypeId = ticketTypeId
        self.quantity = quantity
        eventId = nil
        seatNumbers = nil
    }

    package init(eventId: String, seatNumbers: [String]) {
        ticketTypeId = nil
        quantity = nil
        self.eventId = eventId
        self.seatNumbers = seatNumbers
    }
}

/// `PUT /api/cart/items/{id}`.
package struct CartQuantityRequest: Sendable, Codable {
    /// 0 removes the line.
    package let quantity: Int

    package init(quantity: Int) {
        self.quantity = quantity
    }
}

/// `POST /api/cart/checkout`: what is held now, ready to be paid for.
package struct CartCheckoutReply: Sendable, Hashable, Codable {
    package let reservations: [ReservationDocument]
    package let totalAmount: DecimalAmount

    package init(reservations: [ReservationDocument], totalAmount: DecimalAmount) {
        self.reservations = reservations
        self.totalAmount = totalAmount
    }
}
