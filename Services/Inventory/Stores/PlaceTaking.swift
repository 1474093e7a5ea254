import Contracts
import DatabaseKit

/// Takes places of an event for one reservation, within a caller's transaction: seats by number, the best ones that
/// are free, or a quantity. Holds that are past their end and in the way end first.
struct PlaceTaking: Sendable {
    let reservationID: String
    let now: Timestamp
    /// The fence of the locks on the seats; nil where no lock was taken.
    let fence: Int64?
    /// Finds the best free seats.
    let search: SeatSearch

    private static let staleMax = 100

    /// Takes what `selection` asks of `event`; what it holds then.
    ///
    /// - Throws: ``ReservationRefusal`` when there is not enough of it
    func take(
        _ selection: ReservationOrder.Selection, of event: SaleEvent, in session: any SQLSession
    ) throws -> [Reservation.Line] {
        switch selection {
        case .seats(let numbers):
            return try takeSeats(numbers, of: event, in: session)
        case .items(let items):
            return try items.flatMap { try takeItem($0, of: event, in: session) }
        case .bestAvailable(let ticketTypeID, let section, let quantity):
            if section == nil, let ticketTypeID {
                let item = ReservationOrder.Item(ticketTypeID: ticketTypeID, quantity: quantity)
                return try takeItem(item, of: event, in: session)
            }
            return try takeBest(quantity, ticketTypeID: ticketTypeID, section: section, of: event, in: session)
        }
    }

    private func takeSeats(
        _ numbers: [String], of event: SaleEvent, in session: any SQLSession
    ) throws -> [Reservation.Line] {
        var seats = try SeatTable.find(numbers, of: event.id, in: session)
        guard seats.count == numbers.count else {
            throw ReservationRefusal.seatsUnknown(numbers.filter { number in !seats.contains { $0.number == number } })
        }
        if try expireHolders(of: seats, in: session) {
            seats = try SeatTable.find(numbers, of: event.id, in: session)
        }
        let taken = seats.filter { $0.status != .available }
        guard taken.isEmpty else { throw ReservationRefusal.seatsUnavailable(taken.map(\.number)) }
        return try take(seats, of: event, in: session)
    }

    /// Ends the holds that are past their end and in the way; whether there were any.
    private func expireHolders(of seats: [Seat], in session: any SQLSession) throws -> Bool {
        let holders = Set(seats.filter { $0.status == .reserved }.compactMap(\.reservationID))
        let stale = try ReservationTable.find(holders.sorted(), in: session)
            .filter { $0.status(at: now) == .expired }
        return try expire(stale, in: session)
    }

    private func expireStale(of event: SaleEvent, in session: any SQLSession) throws -> Bool {
        try expire(
            try ReservationTable.ended(of: event.id, by: now, limit: Self.staleMax, in: session), in: session)
    }

    private func expire(_ reservations: [Reservation], in session: any SQLSession) throws -> Bool {
        if !reservations.isEmpty { search.stockChanges() }
        for reservation in reservations {
            _ = try StockMovement.expire(reservation, at: now, in: session)
        }
        return !reservations.isEmpty
    }

    private func takeItem(
        _ item: ReservationOrder.Item, of event: SaleEvent, in session: any SQLSession
    ) throws -> [Reservation.Line] {
        guard let type = event.ticketType(item.ticketTypeID) else {
            throw ReservationRefusal.ticketTypesUnknown([item.ticketTypeID])
        }
        if type.seating == .reserved {
            return try takeBest(item.quantity, ticketTypeID: type.id, section: nil, of: event, in: session)
        }
        return [try takePlaces(item.quantity, of: type, of: event, in: session)]
    }

    private func takeBest(
        _ quantity: Int, ticketTypeID: String?, section: String?, of event: SaleEvent, in session: any SQLSession
    ) throws -> [Reservation.Line] {
        let types = try typesToChooseFrom(ticketTypeID, of: event)
        let wish = BestAvailable.Wish(quantity: quantity, section: section, ticketTypeIDs: Set(types.map(\.id)))
        // A seat whose hold has ended is as good as any, also while the sweep has not come by.
        _ = try expireEnded(of: event, in: session)
        repeat {
            if let seats = try search.best(wish, of: event, in: session) {
                return try take(seats, of: event, in: session)
            }
        } while try expireStale(of: event, in: session)
        throw ReservationRefusal.soldOut(ticketTypeID.map { [$0] } ?? [])
    }

    /// The ticket types with seats that are on sale, all of them or the one with an id.
    private func typesToChooseFrom(_ ticketTypeID: String?, of event: SaleEvent) throws -> [SaleTicketType] {
        if let ticketTypeID, event.ticketType(ticketTypeID) == nil {
            throw ReservationRefusal.ticketTypesUnknown([ticketTypeID])
        }
        let types = event.ticketTypes.filter { $0.seating == .reserved && (ticketTypeID ?? $0.id) == $0.id }
        let onSale = types.filter { $0.refusalToSell(at: now) == nil }
        if onSale.isEmpty, let refusal = types.lazy.compactMap({ $0.refusalToSell(at: now) }).first { throw refusal }
        return onSale
    }

    /// Ends the holds of an event among the first that ended; whether there were any.
    private func expireEnded(of event: SaleEvent, in session: any SQLSession) throws -> Bool {
        let ids = try ReservationTable.ended(by: now, limit: Self.staleMax, in: session)
        return try expire(try ReservationTable.find(ids, in: session).filter { $0.eventID == event.id }, in: session)
    }

    /// Takes seats that were read as available, which the conditional update has to confirm.
    private func take(
        _ seats: [Seat], of event: SaleEvent, in session: any SQLSession
    ) throws -> [Reservation.Line] {
        let lines = try event.lines(of: seats, at: now)
        search.stockChanges()
        try SeatTable.take(seats.map(\.ordinal), of: event.id, for: reservationID, fence: fence, in: session)
        for line in lines {
            // Seats that were free have room in the counters.
            try SaleEventTable.move(
                reserved: line.quantity, sold: 0, of: line.ticketTypeID, in: event.id,
                orThrow: ReservationRefusal.soldOut([line.ticketTypeID]), session: session)
        }
        return lines
    }

    /// Takes places of general admission.
    private func takePlaces(
        _ quantity: Int, of type: SaleTicketType, of event: SaleEvent, in session: any SQLSession
    ) throws -> Reservation.Line {
        if let refusal = type.refusalToSell(at: now) { throw refusal }
        search.stockChanges()
        var moved: Bool
        repeat {
            moved = try SaleEventTable.move(
                reserved: quantity, sold: 0, of: type.id, in: event.id, session: session)
        } while try !moved && expireStale(of: event, in: session)
        guard moved else { throw ReservationRefusal.soldOut([type.id]) }
        return Reservation.Line(
            ticketTypeID: type.id, unitPriceMinorUnits: type.price.minorUnits, quantity: quantity, seatNumbers: [])
    }
}
