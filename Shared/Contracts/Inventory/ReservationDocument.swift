/// What became of a reservation.
package enum ReservationStatus: String, Sendable, Codable, CaseIterable {
    case active = "Active"
    case confirmed = "Confirmed"
    case released = "Released"
    case expired = "Expired"
}

/// A buyer's hold on seats or places of one event.
package struct ReservationDocument: Sendable, Hashable, Codable {
    package struct Seat: Sendable, Hashable, Codable {
        package let seatId: String
        package let seatNumber: String
        package let ticketTypeId: String
        package let price: DecimalAmount

        package init(seatId: String, seatNumber: String, ticketTypeId: String, price: DecimalAmount) {
            self.seatId = seatId
            self.seatNumber = seatNumber
            self.ticketTypeId = ticketTypeId
            self.price = price
        }
    }

    package struct Item: Sendable, Hashable, Codable {
        package let ticketTypeId: String
        package let quantity: Int
        package let price: DecimalAmount

        package init(ticketTypeId: String, quantity: Int, price: DecimalAmount) {
            self.ticketTypeId = ticketTypeId
            self.quantity = quantity
            self.price = price
        }
    }

    /// One seat's view of the reservation, as clients of the per-seat protocol read it.
    package struct SeatReservation: Sendable, Hashable, Codable {
        package let reservationId: String
        package let seatId: String
        package let seatNumber: String
        package let eventId: String
        package let expiresAt: Timestamp
    }

    package let reservationId: String
    package let eventId: String
    package let userId: String
    package let status: ReservationStatus
    package let seats: [Seat]
    package let items: [Item]
    package let quantity: Int
    package let totalAmount: DecimalAmount
    package let currency: String
    package let customer: CustomerDocument?
    package let notes: String?
    package let reservedAt: Timestamp
    package let expiresAt: Timestamp
    package let hardExpiresAt: Timestamp
    /// A decimal number that rises with every acquisition of the event's seats; `0` where no seat was locked.
    package let fencingToken: String
    package let reservations: [SeatReservation]

    package init(
        reservationId: String, eventId: String, userId: String, status: ReservationStatus, seats: [Seat],
        items: [Item], totalAmount: DecimalAmount, currency: String, customer: CustomerDocument?, notes: String?,
        reservedAt: Timestamp, expiresAt: Timestamp, hardExpiresAt: Timestamp, fencingToken: String
    ) {
        self.reservationId = reservationId
        self.eventId = eventId
        self.userId = userId
        self.status = status
        self.seats = seats
        self.items = items
        self.quantity = items.reduce(0) { $0 + $1.quantity }
        self.totalAmount = totalAmount
        self.currency = currency
        self.customer = customer
        self.notes = notes
        self.reservedAt = reservedAt
        self.expiresAt = expiresAt
        self.hardExpiresAt = hardExpiresAt
        self.fencingToken = fencingToken
        self.reservations = seats.map {
            SeatReservation(
                reservationId: reservationId, seatId: $0.seatId, seatNumber: $0.seatNumber, eventId: eventId,
                expiresAt: expiresAt)
        }
    }
}
