import Contracts

/// Why inventory refuses a request about seats or reservations.
enum ReservationRefusal: Error, Sendable, Hashable {
    case eventUnknown
    case reservationUnknown
    /// Seats, by number, that the event does not have.
    case seatsUnknown([String])
    /// The seat of an address, by number, that the event does not have.
    case seatUnknown(String)
    case ticketTypesUnknown([String])
    /// A section, by name, that the event does not have.
    case sectionUnknown(String)
    /// The seats, by number, that somebody has.
    case seatsUnavailable([String])
    /// The seats, by number, that somebody is taking at this moment.
    case seatsLocked([String])
    /// The ticket types, by id, that have too few places left.
    case soldOut([String])
    case notOnSale(String, from: Timestamp? = nil)
    /// The order has more places than the event allows.
    case orderTooLarge(max: Int)
    /// The buyer holds as much of the event as one may.
    case holdLimit(max: Int)
    case currenciesMixed
    case expired
    case confirmed
    /// A payment for the reservation is running.
    case paymentInProgress
    case tooManyPaymentAttempts
    /// A newer holder of the seats' locks has written; this one came too late.
    case fenced
}
