/// `PUT /api/inventory/events/{eventId}/seats/blocked`: the seats that the organizer keeps back, all of them.
package struct BlockedSeatsRequest: Sendable, Codable {
    package let seatNumbers: [String]

    package init(seatNumbers: [String]) {
        self.seatNumbers = seatNumbers
    }
}

/// The seats of an event that are not for sale.
package struct BlockedSeatsDocument: Sendable, Hashable, Codable {
    package let eventId: String
    /// The version of the event's stock with them.
    package let version: Int64
    /// In alphabetical order.
    package let seatNumbers: [String]

    package init(eventId: String, version: Int64, seatNumbers: [String]) {
        self.eventId = eventId
        self.version = version
        self.seatNumbers = seatNumbers
    }
}
