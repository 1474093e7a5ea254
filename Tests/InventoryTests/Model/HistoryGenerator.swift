import Contracts
import TestSupport

/// Makes random histories, legal and illegal: the right and the wrong people ask for what there is and what there is not.
struct HistoryGenerator {
    private var random: SeededGenerator
    private var nextID = 1
    /// Operations of earlier groups that may have made a reservation, with who asked and for which seats.
    private var made: [Made] = []

    private struct Made {
        let id: Int
        let person: Int
        let seats: [String]
    }

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func reserveOn() -> ReservePolicy { Bool.random(using: &random) ? .cart : .checkout }

    mutating func history() -> [OperationGroup] {
        (0..<Int.random(in: 6...14, using: &random)).map { _ in group() }
    }

    private mutating func group() -> OperationGroup {
        let pauses: [Duration] = [
            .zero, .zero, .zero, .seconds(1), .seconds(30), .seconds(181), .seconds(300), .seconds(601), .seconds(901),
        ]
        var threads: [[Operation]] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let thread = thread()
            // Two carts closed by one person in one moment would have no order.
            let closes = { (thread: [Operation]) in thread.contains { $0.action == .checkOutCart } }
            if !(closes(thread) && threads.contains(where: closes)) { threads.append(thread) }
        }
        // Something always happens later than what came before.
        let pause = (pauses.randomElement(using: &random) ?? .zero) + .milliseconds(1)
        for operation in threads.joined() {
            switch operation.action {
            case .reserveSeats(let seats, _, _):
                made.append(Made(id: operation.id, person: operation.person, seats: seats))
            case .reserveItems, .bestAvailable, .checkOut, .addPlaces, .addSeats, .checkOutCart:
                made.append(Made(id: operation.id, person: operation.person, seats: ModelHall.numbers))
            default: break
            }
        }
        return OperationGroup(threads: threads, pause: pause)
    }

    /// One request, or a hold with what its buyer does next without waiting for anybody.
    private mutating func thread() -> [Operation] {
        var person = Int.random(in: 0..<ModelHall.people.count, using: &random)
        guard Int.random(in: 0..<5, using: &random) == 0 else {
            let target = target()
            let action = action(on: target)
            if let target, Int.random(in: 0..<4, using: &random) > 0 { person = target.person }
            return [operation(by: person, action)]
        }
        let hold = operation(by: person, taking())
        guard Bool.random(using: &random) else { return [hold, operation(by: person, .release(of: hold.id))] }
        let booking = "b\(hold.id)"
        return [
            hold, operation(by: person, .pin(of: hold.id, booking: booking)),
            operation(by: person, .commit(of: hold.id, booking: booking)),
        ]
    }

    private mutating func operation(by person: Int, _ action: Operation.Action) -> Operation {
        defer { nextID += 1 }
        var action = action
        // Fences rise with the operations; one in eight comes from a lock that is long gone.
        if case .reserveSeats(let numbers, _, let key) = action {
            let isLate = Int.random(in: 0..<8, using: &random) == 0
            let fence = isLate ? Int64.random(in: 0...Int64(nextID), using: &random) : Int64(nextID)
            action = .reserveSeats(numbers, fence: fence, key: key)
        }
        return Operation(
            id: nextID, person: person, replica: Int.random(in: 0...1, using: &random), action: action)
    }

    private mutating func taking() -> Operation.Action {
        let key = Int.random(in: 0..<6, using: &random)
        let quantity = Int.random(in: 1...4, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return .reserveSeats(seats(), fence: 0, key: key < 2 ? key : nil)
        case 1:
            let type = Int.random(in: 0...2, using: &random)
            var items = [type: quantity]
            if Bool.random(using: &random) { items[ModelHall.standing] = Int.random(in: 1...2, using: &random) }
            return .reserveItems(items, key: key < 2 ? key : nil)
        default:
            let section = ModelHall.sections.map(\.name).randomElement(using: &random)
            return .bestAvailable(
                type: [nil, 0, 1, ModelHall.standing].randomElement(using: &random) ?? nil,
                section: key == 0 ? section : key == 1 ? "Z" : nil, quantity: quantity)
        }
    }

    /// Seats side by side, sometimes with one that the hall does not have.
    private mutating func seats() -> [String] {
        let numbers = ModelHall.rows.randomElement(using: &random)?.numbers ?? []
        let start = Int.random(in: 0..<numbers.count, using: &random)
        var chosen = numbers[start...].prefix(Int.random(in: 1...3, using: &random))
        if Int.random(in: 0..<25, using: &random) == 0 { chosen.append("Z-9-9") }
        return chosen.sorted()
    }

    private mutating func action(on made: Made?) -> Operation.Action {
        let target = made?.id ?? 0
        let booking = "b\(Int.random(in: 0..<4, using: &random) == 0 ? 0 : target)"
        switch Int.random(in: 0..<44, using: &random) {
        case 0..<14: return taking()
        case 14..<17: return .release(of: target)
        case 17..<20:
            let number = (made?.seats ?? ModelHall.numbers).randomElement(using: &random) ?? ""
            return .releaseSeat(Int.random(in: 0..<10, using: &random) == 0 ? "Z-9-9" : number, of: target)
        case 20: return .heartbeat(of: target, isHidden: Bool.random(using: &random))
        case 21..<24: return .pin(of: target, booking: booking)
        case 24: return .unpin(of: target, booking: booking)
        case 25..<28: return .commit(of: target, booking: booking)
        case 28..<31: return .checkOut(tiers())
        case 31: return .heartbeatCheckout(isHidden: Bool.random(using: &random))
        case 32: return .releaseCheckout
        case 33..<35: return .addPlaces(Int.random(in: 1...3, using: &random))
        case 35: return .addSeats(seats())
        case 36:
            return .setQuantity(
                Int.random(in: 0...4, using: &random), ofType: Int.random(in: 0...2, using: &random))
        case 37: return .clearCart
        case 38..<40: return .checkOutCart
        case 40..<42:
            return .putRules(
                standing: Int.random(in: 0...8, using: &random), isCancelled: Int.random(in: 0..<4, using: &random) == 0
            )
        default: return .sweep
        }
    }

    /// Somebody's reservation, most often a new one; nil is nobody's.
    private mutating func target() -> Made? {
        guard Int.random(in: 0..<20, using: &random) > 0 else { return nil }
        return made.suffix(8).randomElement(using: &random)
    }

    private mutating func tiers() -> [Int: Int] {
        var tiers = [Int.random(in: 0...2, using: &random): Int.random(in: 1...3, using: &random)]
        if Bool.random(using: &random) { tiers[ModelHall.standing] = 1 }
        return tiers
    }
}
