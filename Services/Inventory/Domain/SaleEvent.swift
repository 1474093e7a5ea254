import Contracts

/// What inventory knows of an event: its rules of sale, as events pushed them last.
struct SaleEvent: Sendable, Hashable {
    let id: String
    let ownerID: String
    let rulesVersion: Int64
    let status: EventStatus
    let isActive: Bool
    let eventDate: Timestamp
    /// When it is over; nil when it is with its beginning.
    let endDate: Timestamp?
    let maxPerOrder: Int
    /// When a cart's places become held.
    let reserveOn: ReservePolicy
    /// Rises with every change of the event's stock.
    let stockVersion: Int64
    /// In the order in which the organizer named them.
    let ticketTypes: [SaleTicketType]

    /// What the event's life has come to by `now`: an end comes by time.
    func status(at now: Timestamp) -> EventStatus {
        status == .active && now >= endDate ?? eventDate ? .ended : status
    }

    /// The ticket type with an id; nil when it is another event's.
    func ticketType(_ id: String) -> SaleTicketType? {
        ticketTypes.first { $0.id == id }
    }

    /// What is held with `seats`, which are in seat order.
    ///
    /// - Throws: ``ReservationRefusal/notOnSale(_:from:)`` when the ticket type of one is not on sale at `now`
    func lines(of seats: [Seat], at now: Timestamp) throws(ReservationRefusal) -> [Reservation.Line] {
        var lines: [Reservation.Line] = []
        for (typeID, seats) in Dictionary(grouping: seats, by: \.ticketTypeID).sorted(by: { $0.key < $1.key }) {
            guard let type = ticketType(typeID) else { throw .ticketTypesUnknown([typeID]) }
            if let refusal = type.refusalToSell(at: now) { throw refusal }
            lines.append(
                Reservation.Line(
                    ticketTypeID: typeID, unitPriceMinorUnits: type.price.minorUnits, quantity: seats.count,
                    seatNumbers: seats.map(\.number)))
        }
        return lines
    }

    /// The one currency of `lines`.
    ///
    /// - Throws: ``ReservationRefusal/currenciesMixed``
    func currency(of lines: [Reservation.Line]) throws(ReservationRefusal) -> Currency {
        let currencies = Set(lines.compactMap { ticketType($0.ticketTypeID)?.price.currency })
        guard let currency = currencies.first, currencies.count == 1 else { throw .currenciesMixed }
        return currency
    }

    /// Why nothing of the event can be sold at `now`; nil when something can.
    func refusalToSell(at now: Timestamp) -> ReservationRefusal? {
        guard isActive, status == .active else {
            return .notOnSale("The event is \(isActive ? status.rawValue.lowercased() : "no longer offered").")
        }
        return eventDate <= now ? .notOnSale("The event has begun.") : nil
    }
}

/// A ticket type's rules of sale with its counters.
struct SaleTicketType: Sendable, Hashable {
    let id: String
    let name: String
    let price: Money
    let seating: Seating
    let saleStartsAt: Timestamp?
    let saleEndsAt: Timestamp?
    let isActive: Bool
    let stock: TicketTypeStock

    /// Why the type cannot be bought at `now`; nil when it can.
    func refusalToSell(at now: Timestamp) -> ReservationRefusal? {
        guard isActive else { return .notOnSale("\(name) is not offered.") }
        if let saleStartsAt, now < saleStartsAt {
            return .notOnSale("\(name) is on sale from \(saleStartsAt).", from: saleStartsAt)
        }
        if let saleEndsAt, now >= saleEndsAt {
            return .notOnSale("The sale of \(name) ended at \(saleEndsAt).")
        }
        return nil
    }
}
