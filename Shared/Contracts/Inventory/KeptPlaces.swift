/// `PUT /internal/reservations/{id}/sale`: what stays sold of a reservation that a booking bought; the rest is free
/// again.
///
/// It says what is left, not what goes, so that it may be sent twice and in any order: a sale only ever shrinks, and
/// what was given back already is not given back again.
package struct KeptPlaces: Sendable, Hashable, Codable {
    /// The places of one ticket type that stay sold.
    package struct Line: Sendable, Hashable, Codable {
        package let ticketTypeId: String
        package let quantity: Int
        /// Empty for general admission.
        package let seatNumbers: [String]

        package init(ticketTypeId: String, quantity: Int, seatNumbers: [String]) {
            self.ticketTypeId = ticketTypeId
            self.quantity = quantity
            self.seatNumbers = seatNumbers
        }
    }

    package let bookingId: String
    /// Empty when nothing stays sold.
    package let lines: [Line]

    package init(bookingId: String, lines: [Line]) {
        self.bookingId = bookingId
        self.lines = lines
    }
}
