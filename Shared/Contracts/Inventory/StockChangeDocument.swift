/// One entry of the stock's trail: `GET /api/inventory/events/{eventId}/audit`.
package struct StockChangeDocument: Sendable, Hashable, Codable {
    /// What was held, sold or offered.
    package struct State: Sendable, Hashable, Codable {
        /// Of the reservation.
        package var status: String?
        /// Places of the reservation.
        package var quantity: Int?
        package var seatNumbers: [String]?
        /// Places of the ticket type, those kept back included.
        package var totalQuantity: Int?
        /// Places of the ticket type that are kept back.
        package var blockedQuantity: Int?

        package init() {}
    }

    package let entryId: String
    package let eventId: String
    /// By the database's clock.
    package let at: Timestamp
    /// `user:ID`, `booking:ID`, `organizer`, or `system` for a hold that ended by itself.
    package let actor: String
    /// `released`, `expired`, `changed`, `sold`, `returned`; `resized` or `blocked` for a ticket type.
    package let action: String
    package let reservationId: String?
    /// When the places were taken.
    package let reservedAt: Timestamp?
    package let ticketTypeId: String?
    package let before: State
    package let after: State

    package init(
        entryId: String, eventId: String, at: Timestamp, actor: String, action: String, reservationId: String?,
        reservedAt: Timestamp?, ticketTypeId: String?, before: State, after: State
    ) {
        self.entryId = entryId
        self.eventId = eventId
        self.at = at
        self.actor = actor
        self.action = action
        self.reservationId = reservationId
        self.reservedAt = reservedAt
        self.ticketTypeId = ticketTypeId
        self.before = before
        self.after = after
    }
}
