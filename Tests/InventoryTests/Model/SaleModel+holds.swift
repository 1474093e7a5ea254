import Contracts

@testable import inventory

/// What happens to reservations that were made.
extension SaleModel {
    func owned(_ number: Int, by person: Int) throws -> Int {
        guard holds[number]?.person == person else { throw ReservationRefusal.reservationUnknown }
        return number
    }

    mutating func release(_ number: Int) throws -> [Outcome] {
        guard let hold = holds[number] else { throw ReservationRefusal.reservationUnknown }
        if isSold(hold) { throw ReservationRefusal.confirmed }
        try giveBack(number)
        return [.done]
    }

    /// What is held, if anything still is, becomes free, and a payment that was late cannot buy it.
    mutating func giveBack(_ number: Int) throws {
        guard let hold = holds[number], hold.state == .active else { return }
        if let pin = hold.pin, pin.until > now { throw ReservationRefusal.paymentInProgress }
        holds[number]?.state = .released
        holds[number]?.pin = nil
    }

    mutating func releaseSeat(_ seat: String, of number: Int) throws -> [Outcome] {
        guard let hold = holds[number] else { throw ReservationRefusal.reservationUnknown }
        if isSold(hold) { throw ReservationRefusal.confirmed }
        guard hold.seats.contains(seat) else {
            if ModelHall.typeOfSeat[seat] == nil { throw ReservationRefusal.seatUnknown(seat) }
            return [.done]
        }
        guard isAlive(hold) else { return [.done] }
        guard hold.quantity > 1 else { return try release(number) }
        if let pin = hold.pin, pin.until > now { throw ReservationRefusal.paymentInProgress }
        holds[number]?.pin = nil
        holds[number]?.lines = hold.lines.compactMap { line in
            guard line.seats.contains(seat) else { return line }
            guard line.quantity > 1 else { return nil }
            return Outcome.Line(
                type: line.type, quantity: line.quantity - 1, seats: line.seats.filter { $0 != seat })
        }
        return [.done]
    }

    mutating func beat(_ number: Int, _ isHidden: Bool) throws -> Outcome {
        guard let hold = holds[number] else { throw ReservationRefusal.reservationUnknown }
        switch status(of: hold) {
        case .confirmed: throw ReservationRefusal.confirmed
        case .released, .expired: throw ReservationRefusal.expired
        case .active: break
        }
        if hold.period.kind == .checkout {
            holds[number]?.period = Self.timing.afterHeartbeat(
                at: now, isHidden: isHidden, hardEnd: hold.period.hardExpiresAt)
        }
        return held(number)
    }

    mutating func pin(_ number: Int, _ booking: String, by person: Int) throws -> Outcome {
        guard let hold = holds[number], hold.person == person else { throw ReservationRefusal.reservationUnknown }
        switch status(of: hold) {
        case .confirmed: throw ReservationRefusal.confirmed
        case .released, .expired: throw ReservationRefusal.expired
        case .active: break
        }
        if hold.pin?.booking != booking {
            if let pin = hold.pin, pin.until > now { throw ReservationRefusal.paymentInProgress }
            guard hold.attempts < Self.timing.paymentAttemptsMax else {
                throw ReservationRefusal.tooManyPaymentAttempts
            }
            holds[number]?.attempts += 1
        }
        holds[number]?.pin = Pin(booking: booking, until: Self.timing.pinEnd(from: now))
        return held(number)
    }

    mutating func unpin(_ number: Int, _ booking: String) throws -> Outcome {
        guard let hold = holds[number] else { throw ReservationRefusal.reservationUnknown }
        if hold.state == .active, hold.pin?.booking == booking { holds[number]?.pin = nil }
        return .done
    }

    /// A hold that ended while it was paid for is sold all the same where its places are free.
    mutating func commit(_ number: Int, _ booking: String) throws -> [Outcome] {
        guard let hold = holds[number] else { throw ReservationRefusal.reservationUnknown }
        if hold.state == .sold(booking: booking) { return [.done] }
        if isCancelled { throw ReservationRefusal.notOnSale("The event was cancelled.") }
        guard hold.state == .active else { throw ReservationRefusal.expired }
        guard hold.pin?.booking == booking else {
            if isAlive(hold) { throw ReservationRefusal.paymentInProgress }
            // Who has no pin is refused, with the reason that the sweep has left or not.
            throw AnyOf(outcomes: [.refused(.paymentInProgress), .refused(.expired)])
        }
        if !isAlive(hold) {
            guard takenSeats.isDisjoint(with: hold.seats) else { throw ReservationRefusal.expired }
            for line in hold.lines
            where taken(of: line.type) + line.quantity > ModelHall.capacity(of: line.type, standing: standing) {
                throw ReservationRefusal.expired
            }
        }
        holds[number]?.state = .sold(booking: booking)
        return [.done]
    }

    /// Begins a person's checkout or replaces what it holds.
    mutating func checkOut(_ tiers: [Int: Int], _ operation: Operation, _ observed: Outcome) throws -> Outcome {
        let old = checkout(of: operation.person)
        let held = old.flatMap { holds[$0] }
        if let pin = held?.pin, pin.until > now { throw ReservationRefusal.paymentInProgress }
        try admit(tiers.values.reduce(0, +), to: operation.person, instead: held?.quantity ?? 0)
        if let old { holds[old]?.state = .released }
        let lines = try takeItems(tiers, Self.hint(observed))
        let number = old ?? newNumber(observed)
        var hold = held ?? Hold(person: operation.person, lines: [], period: Self.timing.checkout(from: now))
        hold.lines = lines
        hold.pin = nil
        hold.period = Self.timing.afterHeartbeat(at: now, isHidden: false, hardEnd: hold.period.hardExpiresAt)
        holds[number] = hold
        return self.held(number)
    }
}
