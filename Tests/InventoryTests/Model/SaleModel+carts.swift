import Contracts

@testable import inventory

/// A cart, as the model sees it.
struct ModelCart: Hashable, Sendable {
    struct Line: Hashable, Sendable {
        let number: Int
        let type: Int
        var quantity: Int
        var seats: [String]
        /// The number of the reservation of its places.
        var hold: Int?
    }

    struct Addition: Hashable, Sendable {
        let action: Operation.Action
        let at: Timestamp
    }

    var lines: [Line] = []
    var expiresAt: Timestamp
    var status = CartStatus.active
    var lastAddition: Addition?
}

extension SaleModel {
    /// The cart to change: the living one, or a new one in place of one that ended.
    private mutating func cartToChange(of person: Int) throws -> ModelCart {
        if let cart = carts[person], cart.status == .active {
            if cart.expiresAt > now { return cart }
            for number in cart.lines.compactMap(\.hold) { try giveBack(number) }
            carts[person]?.status = .expired
        }
        return ModelCart(expiresAt: now + Cart.lifetime)
    }

    private mutating func store(_ cart: ModelCart, of person: Int) -> Outcome {
        var cart = cart
        if cart.status == .active { cart.expiresAt = now + Cart.lifetime }
        carts[person] = cart
        return view(of: cart)
    }

    func view(of cart: ModelCart) -> Outcome {
        let holds = cart.lines.compactMap(\.hold).compactMap { self.holds[$0] }
        let firstEnd = holds.filter(isAlive).map(\.endsAt).min() ?? cart.expiresAt
        let lines = cart.lines.sorted { $0.type < $1.type }.map { line in
            Outcome.CartLine(
                type: line.type, quantity: line.quantity, seats: line.seats, number: line.number, hold: line.hold,
                isReserved: isReserved(line))
        }
        let isEnded = cart.status == .active && cart.expiresAt <= now
        return .cart(
            lines, status: isEnded ? .expired : cart.status,
            expiresAt: cart.status == .active ? min(cart.expiresAt, firstEnd) : cart.expiresAt)
    }

    private func isReserved(_ line: ModelCart.Line) -> Bool {
        line.hold.flatMap { holds[$0] }.map { isAlive($0) || isSold($0) } ?? false
    }

    mutating func addToCart(_ operation: Operation, _ observed: Outcome) throws -> Outcome {
        var cart = try cartToChange(of: operation.person)
        let addition = ModelCart.Addition(action: operation.action, at: now)
        if let last = cart.lastAddition, last.action == addition.action, now - last.at < Cart.doubleClick {
            return view(of: cart)
        }
        cart.lastAddition = addition
        if isCancelled { throw ReservationRefusal.notOnSale("The event is cancelled.") }
        switch operation.action {
        case .addPlaces(let quantity):
            var line = Self.line(of: ModelHall.standing, cart, observed)
            line.quantity += quantity
            try put(line, into: &cart, operation, observed)
        case .addSeats(let numbers):
            let unknown = numbers.filter { ModelHall.typeOfSeat[$0] == nil }
            guard unknown.isEmpty else { throw ReservationRefusal.seatsUnknown(unknown) }
            let type = numbers.first.flatMap { ModelHall.typeOfSeat[$0] } ?? 0
            var line = Self.line(of: type, cart, observed)
            line.seats = Set(line.seats).union(numbers).sorted()
            line.quantity = line.seats.count
            try put(line, into: &cart, operation, observed)
        default: break
        }
        return store(cart, of: operation.person)
    }

    /// The cart's line of a type, or a new one with the number that was heard of.
    private static func line(of type: Int, _ cart: ModelCart, _ observed: Outcome) -> ModelCart.Line {
        if let line = cart.lines.first(where: { $0.type == type }) { return line }
        var number: Int?
        if case .cart(let lines, _, _) = observed { number = lines.first { $0.type == type }?.number }
        return ModelCart.Line(number: number ?? -1, type: type, quantity: 0, seats: [])
    }

    private mutating func put(
        _ line: ModelCart.Line, into cart: inout ModelCart, _ operation: Operation, _ observed: Outcome
    ) throws {
        var line = line
        let others = cart.lines.filter { $0.type != line.type }.reduce(0) { $0 + $1.quantity }
        guard line.quantity + others <= ModelHall.maxPerOrder else {
            throw ReservationRefusal.orderTooLarge(max: ModelHall.maxPerOrder)
        }
        if hall.reserveOn == .cart {
            if let number = line.hold { try giveBack(number) }
            line.hold = try reserve([line], operation, as: newNumber(observed, ofType: line.type))
        } else if line.quantity > ModelHall.capacity(of: line.type, standing: standing) {
            throw ReservationRefusal.soldOut([hall.typeIDs[line.type]])
        }
        cart.lines.removeAll { $0.type == line.type }
        cart.lines.append(line)
    }

    private mutating func reserve(
        _ lines: [ModelCart.Line], _ operation: Operation, as number: Int
    ) throws -> Int {
        try admit(lines.reduce(0) { $0 + $1.quantity }, to: operation.person)
        var taken: [Outcome.Line] = []
        var refusals: [Outcome] = []
        for line in lines {
            do {
                taken +=
                    try line.seats.isEmpty
                    ? takeItems([line.type: line.quantity], [:]) : takeSeats(line.seats, fence: nil)
            } catch let refusal as ReservationRefusal {
                refusals.append(.refused(refusal))
            }
        }
        // Lines that were added in one moment have no order.
        guard refusals.isEmpty else { throw AnyOf(outcomes: refusals) }
        let lifetime = hall.reserveOn == .cart ? Cart.lifetime : Self.timing.hold
        holds[number] = Hold(
            person: operation.person, lines: taken.sorted { $0.type < $1.type }, period: .fixed(until: now + lifetime))
        return number
    }

    mutating func setQuantity(
        _ quantity: Int, ofLine number: Int?, _ operation: Operation, _ observed: Outcome
    ) throws -> Outcome {
        var cart = try cartToChange(of: operation.person)
        guard var line = cart.lines.first(where: { $0.number == number }) else { throw CartRefusal.itemUnknown }
        if quantity == 0 {
            if let number = line.hold { try giveBack(number) }
            cart.lines.removeAll { $0.number == number }
        } else {
            guard line.seats.isEmpty || quantity <= line.quantity else { throw CartRefusal.seatsAreChosen }
            if isCancelled { throw ReservationRefusal.notOnSale("The event is cancelled.") }
            line.quantity = quantity
            line.seats = Array(line.seats.prefix(quantity))
            try put(line, into: &cart, operation, observed)
        }
        cart.lastAddition = nil
        return store(cart, of: operation.person)
    }

    mutating func clearCart(of person: Int) throws -> [Outcome] {
        var cart = try cartToChange(of: person)
        guard !cart.lines.isEmpty else { return [.done] }
        for number in cart.lines.compactMap(\.hold) { try giveBack(number) }
        cart.lines = []
        cart.lastAddition = nil
        _ = store(cart, of: person)
        return [.done]
    }

    mutating func checkOutCart(_ operation: Operation, _ observed: Outcome) throws -> Outcome {
        guard var cart = carts[operation.person] else { throw CartRefusal.empty }
        if cart.status != .checkedOut {
            guard cart.status == .active, cart.expiresAt > now else { throw CartRefusal.expired }
            guard !cart.lines.isEmpty else { throw CartRefusal.empty }
            let waiting = cart.lines.filter { !isReserved($0) }
            if !waiting.isEmpty {
                if isCancelled { throw ReservationRefusal.notOnSale("The event is cancelled.") }
                let number = try reserve(waiting, operation, as: newNumber(observed))
                cart.lines = cart.lines.map { line in
                    var line = line
                    if waiting.contains(where: { $0.number == line.number }) { line.hold = number }
                    return line
                }
            }
            cart.status = .checkedOut
            _ = store(cart, of: operation.person)
        }
        let numbers = Set(cart.lines.compactMap(\.hold)).sorted()
        return .checkedOut(numbers.compactMap { number in holds[number].map { heldPlaces(number, $0) } })
    }
}
