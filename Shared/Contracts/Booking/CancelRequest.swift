/// `POST /api/bookings/{id}/cancel`: give tickets back for their price.
package struct CancelRequest: Sendable, Codable {
    /// The tickets to cancel; all of the booking's when absent.
    package let ticketIds: [String]?

    package init(ticketIds: [String]? = nil) {
        self.ticketIds = ticketIds
    }
}
