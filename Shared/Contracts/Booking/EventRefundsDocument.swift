/// How far the refunds of a cancelled event have come: `GET /api/events/{id}/refunds` (owner).
package struct EventRefundsDocument: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Nothing is given back: the event is not cancelled, or the cancellation has not been heard of yet.
        case none = "None"
        case running = "Running"
        /// Every booking of the event is cancelled, and what was paid is given back.
        case done = "Done"
    }

    package let eventId: String
    package let state: State
    /// Bookings that are to be cancelled, those that are cancelled already among them.
    package let bookings: Int
    /// Bookings that are cancelled with their money back.
    package let refunded: Int
    /// What was given back so far.
    package let amountRefunded: DecimalAmount
    /// Absent before anything was given back.
    package let currency: String?
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?

    package init(
        eventId: String, state: State, bookings: Int, refunded: Int, amountRefunded: DecimalAmount, currency: String?,
        startedAt: Timestamp?, finishedAt: Timestamp?
    ) {
        self.eventId = eventId
        self.state = state
        self.bookings = bookings
        self.refunded = refunded
        self.amountRefunded = amountRefunded
        self.currency = currency
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }
}
