/// A broken promise, with the ids that show it.
package struct Violation: Sendable, Hashable, Codable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Two good tickets, or two sales, for one seat.
        case seatSoldTwice
        /// Two bookings that are confirmed or pending stand on one reservation.
        case reservationBookedTwice
        /// A confirmed booking whose seats or places inventory did not sell to it.
        case bookingWithoutSeats
        /// Inventory sold something to no confirmed booking.
        case saleWithoutBooking
        /// A confirmed booking with more or fewer tickets than places.
        case ticketsMissing
        /// Good tickets of a booking that is not confirmed.
        case ticketsWithoutBooking
        /// A confirmed booking that was not paid exactly once with exactly its amount.
        case bookingWithoutCharge
        /// A charge captured more than once, or two captured charges of one booking.
        case chargedTwice
        /// Money taken and kept without a confirmed booking.
        case paidWithoutBooking
        /// Money given back although the booking stands, or more than was taken.
        case refundWithoutReason
        /// A charge whose state and ledger disagree.
        case chargeStateWrong
        /// A buyer was told of a booking that is not there, not confirmed, or of other seats.
        case acknowledgedLost
        /// A counter of inventory differs from what it counts.
        case countersWrong
        /// More places held, sold and kept back than there are.
        case oversold
        /// What was captured and kept is not what the confirmed bookings cost.
        case moneyDoesNotAddUp
        /// A booking or a charge that stays pending.
        case neverEnded
    }

    package let kind: Kind
    /// The bookings, charges, seats or ticket types at fault.
    package let ids: [String]
    package let detail: String

    package init(_ kind: Kind, _ ids: [String], _ detail: String) {
        self.kind = kind
        self.ids = ids
        self.detail = detail
    }

    package var description: String { "\(kind.rawValue): \(detail) [\(ids.joined(separator: ", "))]" }
}
