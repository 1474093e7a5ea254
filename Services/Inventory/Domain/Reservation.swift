import Contracts

/// A buyer's hold on places of one event, from taking them until they are sold or free again.
struct Reservation: Sendable, Hashable {
    /// What is held of one ticket type.
    struct Line: Sendable, Hashable, Codable {
        let ticketTypeID: String
        let unitPriceMinorUnits: Int64
        let quantity: Int
        /// Empty for general admission; else as many as `quantity`, in seat order.
        let seatNumbers: [String]
    }

    /// A payment in flight that keeps the hold alive.
    struct Pin: Sendable, Hashable {
        let bookingID: String
        let until: Timestamp
    }

    let id: String
    let eventID: String
    let userID: String
    let lines: [Line]
    let currency: Currency
    let customer: CustomerDocument?
    let notes: String?
    let reservedAt: Timestamp
    /// When the hold ends unless a payment has pinned it.
    let period: HoldPeriod
    /// Its other name and the numbers that its tickets will have, where it was made by quantity of tickets.
    let ticketing: TicketReservation?
    let fencingToken: Int64
    /// As stored: an `active` one may be past its end, see ``status(at:)``.
    let storedStatus: ReservationStatus
    let pin: Pin?
    /// The booking that bought it.
    let bookingID: String?

    var quantity: Int { lines.reduce(0) { $0 + $1.quantity } }

    var total: Money {
        Money(
            minorUnits: lines.reduce(0) { $0 + $1.unitPriceMinorUnits * Int64($1.quantity) }, currency: currency)
    }

    /// When the hold ends: by itself, or with its pin where a payment is running.
    var endsAt: Timestamp { max(period.endsAt, pin?.until ?? period.endsAt) }

    /// The deadline that its buyer is told: a heartbeat that is missed may end a checkout hold before.
    var expiresAt: Timestamp { max(period.expiresAt, pin?.until ?? period.expiresAt) }

    /// What the reservation is at `now`, whether the sweep has come by or not.
    func status(at now: Timestamp) -> ReservationStatus {
        storedStatus == .active && endsAt <= now ? .expired : storedStatus
    }

    /// Whether another than `bookingID`'s payment is running at `now`.
    func isPinned(byOtherThan bookingID: String?, at now: Timestamp) -> Bool {
        guard let pin, pin.until > now else { return false }
        return pin.bookingID != bookingID
    }
}
