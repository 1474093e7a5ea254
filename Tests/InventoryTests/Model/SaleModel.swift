import Contracts

@testable import inventory

/// What a sale is: a few values and the rules, one request after the other, without any of the engine's ways.
///
/// Seats and counters are not kept but follow from the reservations that are alive or sold, so the model cannot disagree
/// with itself. An ended hold is one whose end has come; nobody sweeps.
struct SaleModel: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case active
        case released
        case sold(booking: String)
    }

    struct Pin: Hashable, Sendable {
        let booking: String
        let until: Timestamp
    }

    struct Hold: Hashable, Sendable {
        let person: Int
        var lines: [Outcome.Line]
        var period: HoldPeriod
        var pin: Pin?
        var attempts = 0
        var state = State.active

        var endsAt: Timestamp { max(period.endsAt, pin?.until ?? period.endsAt) }
        var quantity: Int { lines.reduce(0) { $0 + $1.quantity } }
        var seats: [String] { lines.flatMap(\.seats) }
    }

    struct KeyUse: Hashable, Sendable {
        let person: Int
        let key: Int
    }

    static let timing = HoldTiming()

    let hall: ModelHall
    var now: Timestamp
    var isCancelled = false
    var standing = ModelHall.standingCapacity
    var rulesVersion: Int64 = 1
    /// By their numbers.
    var holds: [Int: Hold] = [:]
    var fences: [String: Int64] = [:]
    /// What was asked for under a key.
    var keys: [KeyUse: Operation.Action] = [:]
    var carts: [Int: ModelCart] = [:]

    init(hall: ModelHall, now: Timestamp) {
        self.hall = hall
        self.now = now
    }

    /// Carries `operation` out and says which outcomes it may have; where the rules leave a choice, it is the one that
    /// was observed.
    ///
    /// - Parameters:
    ///   - target: the number of the reservation that the operation means
    ///   - line: the number of the cart line that it means
    mutating func apply(_ operation: Operation, target: Int?, line: Int?, observed: Outcome) -> [Outcome] {
        let before = self
        do {
            return try perform(operation, target: target, line: line, observed)
        } catch let refusal as ReservationRefusal {
            self = before
            return [.refused(refusal)]
        } catch let refusal as CartRefusal {
            self = before
            return [.cartRefused(refusal)]
        } catch let ambiguous as AnyOf {
            self = before
            return ambiguous.outcomes
        } catch {
            return [.failed("\(error)")]
        }
    }

    /// Refused, for one of several reasons that are as good as each other.
    struct AnyOf: Error {
        let outcomes: [Outcome]
    }

    private mutating func perform(
        _ operation: Operation, target: Int?, line: Int?, _ observed: Outcome
    ) throws -> [Outcome] {
        let person = operation.person
        let number = target ?? 0
        switch operation.action {
        case .reserveSeats, .reserveItems, .bestAvailable: return [try reserve(operation, observed)]
        case .release: return try release(try owned(number, by: person))
        case .releaseSeat(let seat, _): return try releaseSeat(seat, of: try owned(number, by: person))
        case .heartbeat(_, let isHidden): return [try beat(try owned(number, by: person), isHidden)]
        case .pin(_, let booking): return [try pin(number, booking, by: person)]
        case .unpin(_, let booking): return [try unpin(number, booking)]
        case .commit(_, let booking): return try commit(number, booking)
        case .checkOut(let tiers): return [try checkOut(tiers, operation, observed)]
        case .heartbeatCheckout(let isHidden):
            guard let number = checkout(of: person) else { throw ReservationRefusal.expired }
            return [try beat(number, isHidden)]
        case .releaseCheckout:
            guard let number = checkout(of: person) else { return [.done] }
            return try release(number)
        case .addPlaces, .addSeats: return [try addToCart(operation, observed)]
        case .setQuantity(let quantity, _): return [try setQuantity(quantity, ofLine: line, operation, observed)]
        case .clearCart: return try clearCart(of: person)
        case .checkOutCart: return [try checkOutCart(operation, observed)]
        case .putRules(let standing, let isCancelled):
            return [putRules(Int64(operation.id) + 1, standing, isCancelled: isCancelled)]
        case .sweep: return [.done]
        }
    }

    private mutating func putRules(_ version: Int64, _ standing: Int, isCancelled: Bool) -> Outcome {
        guard version > rulesVersion else { return .decided(RulesDecision(.superseded)) }
        rulesVersion = version
        guard taken(of: ModelHall.standing) <= standing else {
            return .decided(
                RulesDecision(.capacityBelowSold, conflicts: [hall.typeIDs[ModelHall.standing]]))
        }
        self.standing = standing
        self.isCancelled = isCancelled
        return .decided(RulesDecision(.applied))
    }
}

// MARK: - What follows from the reservations

extension SaleModel {
    func isAlive(_ hold: Hold) -> Bool { hold.state == .active && hold.endsAt > now }

    func isSold(_ hold: Hold) -> Bool {
        if case .sold = hold.state { true } else { false }
    }

    /// How many places of a type are held or sold.
    func taken(of type: Int) -> Int { reserved(of: type) + sold(of: type) }

    func reserved(of type: Int) -> Int { places(of: type) { isAlive($0) } }

    func sold(of type: Int) -> Int { places(of: type) { isSold($0) } }

    private func places(of type: Int, where condition: (Hold) -> Bool) -> Int {
        holds.values.filter(condition).flatMap(\.lines).filter { $0.type == type }.reduce(0) { $0 + $1.quantity }
    }

    /// The seats that somebody has.
    var takenSeats: Set<String> {
        Set(holds.values.filter { isAlive($0) || isSold($0) }.flatMap(\.seats))
    }

    func status(of hold: Hold) -> ReservationStatus {
        switch hold.state {
        case .active: isAlive(hold) ? .active : .expired
        case .released: .released
        case .sold: .confirmed
        }
    }

    /// The living checkout of a person, by its number.
    func checkout(of person: Int) -> Int? {
        holds.first { $0.value.person == person && $0.value.period.kind == .checkout && isAlive($0.value) }?.key
    }

    /// The number of a reservation that is made now: the one that was heard of, when no other has it.
    func newNumber(_ observed: Outcome, ofType type: Int? = nil) -> Int {
        let candidate: Int? =
            switch observed {
            case .held(let held): held.number
            case .checkedOut(let all): all.map(\.number).first { holds[$0] == nil }
            case .cart(let lines, _, _): lines.first { $0.type == type }?.hold
            default: nil
            }
        guard let candidate, holds[candidate] == nil else { return -1 - holds.count }
        return candidate
    }

    func held(_ number: Int) -> Outcome {
        guard let hold = holds[number] else { return .failed("no hold \(number)") }
        return .held(heldPlaces(number, hold))
    }

    func heldPlaces(_ number: Int, _ hold: Hold) -> Outcome.Held {
        Outcome.Held(
            number: number, lines: hold.lines, endsAt: hold.endsAt,
            totalMinorUnits: hold.lines.reduce(0) { $0 + ModelHall.prices[$1.type] * Int64($1.quantity) })
    }
}
