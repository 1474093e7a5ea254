import Contracts
import DatabaseKit

/// One change of a cart in the making, within a caller's transaction: lines, and the holds of events whose carts
/// reserve.
struct CartChange {
    var cart: Cart
    let limits: HoldLimits
    let now: Timestamp
    let session: any SQLSession
    let search: SeatSearch

    private var isStored: Bool

    init(
        _ cart: Cart, isNew: Bool, limits: HoldLimits, now: Timestamp, session: any SQLSession, search: SeatSearch
    ) {
        self.cart = cart
        self.limits = limits
        self.now = now
        self.session = session
        self.search = search
        isStored = !isNew
    }

    // MARK: - Lines

    mutating func add(_ order: CartOrder) throws {
        switch order {
        case .places(let typeID, let quantity):
            guard let eventID = try SaleEventTable.event(ofTicketType: typeID, in: session) else {
                throw CartRefusal.ticketTypeUnknown(typeID)
            }
            let event = try event(eventID)
            var line = try line(of: typeID, event)
            guard line.seatNumbers.isEmpty || line.quantity == 0 else { throw CartRefusal.seatsAreChosen }
            line.quantity += quantity
            try put(line, event)
        case .seats(let eventID, let numbers):
            let event = try event(eventID)
            let seats = try SeatTable.find(numbers, of: eventID, in: session)
            guard seats.count == numbers.count else {
                throw ReservationRefusal.seatsUnknown(
                    numbers.filter { number in !seats.contains { $0.number == number } })
            }
            let byType = Dictionary(grouping: seats, by: \.ticketTypeID)
            for typeID in byType.keys.sorted() {
                var line = try line(of: typeID, event)
                guard !line.seatNumbers.isEmpty || line.quantity == 0 else { throw CartRefusal.seatsAreChosen }
                line.seatNumbers = Set(line.seatNumbers).union(byType[typeID, default: []].map(\.number)).sorted()
                line.quantity = line.seatNumbers.count
                try put(line, event)
            }
        }
    }

    mutating func set(_ line: Cart.Line, quantity: Int) throws {
        guard quantity > 0 else {
            if let id = line.reservationID { try Self.release(id, at: now, in: session) }
            cart.lines.removeAll { $0.id == line.id }
            return try CartTable.remove(line, of: cart.id, in: session)
        }
        var line = line
        guard line.seatNumbers.isEmpty || quantity <= line.quantity else { throw CartRefusal.seatsAreChosen }
        line.quantity = quantity
        line.seatNumbers = Array(line.seatNumbers.prefix(quantity))
        try put(line, try event(line.eventID))
    }

    private func event(_ id: String) throws -> SaleEvent {
        guard let event = try SaleEventTable.find(id, in: session) else { throw ReservationRefusal.eventUnknown }
        if let refusal = event.refusalToSell(at: now) { throw refusal }
        return event
    }

    /// The cart's line of a ticket type, or a new one without places.
    private func line(of typeID: String, _ event: SaleEvent) throws -> Cart.Line {
        guard let type = event.ticketType(typeID) else { throw CartRefusal.ticketTypeUnknown(typeID) }
        if let refusal = type.refusalToSell(at: now) { throw refusal }
        return cart.lines.first { $0.ticketTypeID == typeID }
            ?? Cart.Line(
                id: UUIDv7.make(at: now), eventID: event.id, ticketTypeID: typeID, quantity: 0, seatNumbers: [],
                unitPrice: type.price, reservationID: nil)
    }

    private mutating func put(_ line: Cart.Line, _ event: SaleEvent) throws {
        guard let type = event.ticketType(line.ticketTypeID) else {
            throw CartRefusal.ticketTypeUnknown(line.ticketTypeID)
        }
        guard line.quantity + cart.quantity(of: event.id, besides: line.ticketTypeID) <= event.maxPerOrder else {
            throw ReservationRefusal.orderTooLarge(max: event.maxPerOrder)
        }
        guard cart.lines.isEmpty || cart.currency == type.price.currency else { throw CartRefusal.currenciesMixed }
        var line = line
        line.unitPrice = type.price
        if event.reserveOn == .cart {
            line = try reserved(line, event)
        } else {
            guard line.quantity <= type.stock.total else { throw ReservationRefusal.soldOut([type.id]) }
        }
        if let index = cart.lines.firstIndex(where: { $0.id == line.id }) {
            cart.lines[index] = line
        } else {
            guard cart.lines.count < Cart.linesMax else { throw CartRefusal.full }
            cart.lines.append(line)
        }
        try ensureStored()
        try CartTable.put(line, of: cart.id, in: session)
    }
}

// MARK: - Holds

extension CartChange {
    /// Frees what a line's reservation holds, if it still does.
    static func release(_ reservationID: String, at now: Timestamp, in session: any SQLSession) throws {
        guard let reservation = try ReservationTable.find(reservationID, in: session) else { return }
        try StockMovement.release(reservation, at: now, in: session)
    }

    /// The line with exactly its places held: what it held before is given back first, all or nothing.
    private func reserved(_ line: Cart.Line, _ event: SaleEvent) throws -> Cart.Line {
        if let id = line.reservationID { try Self.release(id, at: now, in: session) }
        var line = line
        line.reservationID = try reserve([line], of: event).id
        return line
    }

    /// Holds the places of lines of one event.
    private func reserve(_ lines: [Cart.Line], of event: SaleEvent) throws -> Reservation {
        let quantity = lines.reduce(0) { $0 + $1.quantity }
        _ = try limits.admit(quantity, of: event.id, to: cart.userID, at: now, in: session)
        let id = UUIDv7.make(at: now)
        let taking = PlaceTaking(reservationID: id, now: now, fence: nil, search: search)
        let taken = try lines.flatMap { try taking.take($0.selection, of: event, in: session) }
        let reservation = Reservation(
            id: id, eventID: event.id, userID: cart.userID, lines: taken, currency: try event.currency(of: taken),
            customer: nil, notes: nil, reservedAt: now,
            period: event.reserveOn == .cart ? .fixed(until: now + Cart.lifetime) : limits.timing.fixed(from: now),
            ticketing: nil, fencingToken: 0, storedStatus: .active, pin: nil, bookingID: nil)
        try ReservationTable.insert(reservation, customerJSON: nil, in: session)
        try SaleEventTable.touch(event.id, in: session)
        return reservation
    }

    /// Holds what is not held yet, one reservation for each event, and closes the cart.
    mutating func checkOut() throws -> [Reservation] {
        let view = try view()
        let waiting = cart.lines.filter { !view.reservedLines.contains($0.id) }
        for (eventID, lines) in Dictionary(grouping: waiting, by: \.eventID).sorted(by: { $0.key < $1.key }) {
            let reservation = try reserve(lines, of: try event(eventID))
            for line in lines {
                var held = line
                held.reservationID = reservation.id
                try CartTable.put(held, of: cart.id, in: session)
                cart.lines = cart.lines.map { $0.id == held.id ? held : $0 }
            }
        }
        cart.storedStatus = .checkedOut
        _ = try store()
        return try CartView.reservations(of: cart, in: session)
    }
}

// MARK: - The cart itself

extension CartChange {
    /// The cart as it is with the change.
    func view() throws -> CartView { try CartView(cart, at: now, in: session) }

    /// Stores the changed cart, which lives anew from now on.
    mutating func store() throws -> CartView {
        try ensureStored()
        cart.version += 1
        if cart.storedStatus == .active { cart.expiresAt = now + Cart.lifetime }
        guard try CartTable.update(cart, in: session) else { throw CartRefusal.expired }
        return try view()
    }

    /// Lines belong to a cart that is there.
    private mutating func ensureStored() throws {
        guard !isStored else { return }
        try CartTable.insert(cart, in: session)
        isStored = true
    }
}
