import Contracts

/// Which of the routes a reservation came through: they lead to the same stock, with other times and names.
enum ReservationDoor: Sendable, Hashable {
    /// `/api/inventory/reservations`
    case reservations
    /// `/api/tickets/reserve`: longer, with a reference, and ticket numbers given out at once.
    case tickets

    func period(_ timing: HoldTiming, from now: Timestamp) -> HoldPeriod {
        switch self {
        case .reservations: timing.fixed(from: now)
        case .tickets: timing.fixedForTickets(from: now)
        }
    }

    func ticketing(quantity: Int, at now: Timestamp) -> TicketReservation? {
        switch self {
        case .reservations: nil
        case .tickets: .make(quantity: quantity, at: now)
        }
    }
}
