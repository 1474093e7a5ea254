/// One entry of the audit trail: `GET /api/bookings/{id}/history` and `GET /api/events/{id}/audit`.
package struct AuditDocument: Sendable, Hashable, Codable {
    /// What the entry knows of the booking or the ticket that changed.
    package struct State: Sendable, Hashable, Codable {
        /// Of a booking, or of the ticket in `ticketId`.
        package var status: String?
        package var paymentStatus: String?
        package var totalAmount: DecimalAmount?
        package var refundedAmount: DecimalAmount?
        package var currency: String?
        /// Why a booking came to nothing.
        package var failure: String?
        /// The tickets that were made or cancelled.
        package var tickets: [String]?
        /// The one ticket that changed.
        package var ticketId: String?
        /// Rises when the ticket is passed on and its code changes.
        package var codeVersion: Int64?

        package init() {}
    }

    package let entryId: String
    package let bookingId: String
    package let eventId: String?
    package let at: Timestamp
    /// `user:ID`, or `system` for what went on without anyone asking.
    package let actor: String
    package let action: String
    package let before: State
    package let after: State

    package init(
        entryId: String, bookingId: String, eventId: String?, at: Timestamp, actor: String, action: String,
        before: State, after: State
    ) {
        self.entryId = entryId
        self.bookingId = bookingId
        self.eventId = eventId
        self.at = at
        self.actor = actor
        self.action = action
        self.before = before
        self.after = after
    }
}
