import Contracts

@testable import inventory

/// Taking places.
extension SaleModel {
    mutating func reserve(_ operation: Operation, _ observed: Outcome) throws -> Outcome {
        var wanted = operation.action
        var key: Int?
        switch operation.action {
        case .reserveSeats(let numbers, _, let given):
            key = given
            // The fence is not part of what a buyer says.
            wanted = .reserveSeats(numbers, fence: 0, key: given)
        case .reserveItems(_, let given): key = given
        default: break
        }
        let use = key.map { KeyUse(person: operation.person, key: $0) }
        if let use, let known = keys[use] { return known == wanted ? .replayed : .keyReused }
        let lines = try take(operation.action, by: operation.person, observed)
        if let use { keys[use] = wanted }
        let number = newNumber(observed)
        holds[number] = Hold(person: operation.person, lines: lines, period: Self.timing.fixed(from: now))
        return held(number)
    }

    private mutating func take(
        _ action: Operation.Action, by person: Int, _ observed: Outcome
    ) throws -> [Outcome.Line] {
        let hint = Self.hint(observed)
        switch action {
        case .reserveSeats(let numbers, let fence, _):
            try admit(numbers.count, to: person)
            return try takeSeats(numbers, fence: fence)
        case .reserveItems(let items, _):
            try admit(items.values.reduce(0, +), to: person)
            return try takeItems(items, hint)
        case .bestAvailable(let type, let section, let quantity):
            try admit(quantity, to: person)
            if let type, section == nil { return try takeItems([type: quantity], hint) }
            return [try best(quantity, type: type, section: section, hint)]
        default: return []
        }
    }

    /// The rules of sale and the limits of one buyer.
    func admit(_ quantity: Int, to person: Int, instead: Int = 0) throws {
        if isCancelled { throw ReservationRefusal.notOnSale("The event is cancelled.") }
        guard quantity <= ModelHall.maxPerOrder else {
            throw ReservationRefusal.orderTooLarge(max: ModelHall.maxPerOrder)
        }
        let held = holds.values.filter { $0.person == person && isAlive($0) }.reduce(0) { $0 + $1.quantity }
        guard held - instead + quantity <= ModelHall.placesPerUserMax else {
            throw ReservationRefusal.holdLimit(max: ModelHall.placesPerUserMax)
        }
    }

    mutating func takeSeats(_ numbers: [String], fence: Int64?) throws -> [Outcome.Line] {
        let unknown = numbers.filter { ModelHall.typeOfSeat[$0] == nil }
        guard unknown.isEmpty else { throw ReservationRefusal.seatsUnknown(unknown) }
        let takenSeats = takenSeats
        let unavailable = numbers.filter(takenSeats.contains)
        guard unavailable.isEmpty else { throw ReservationRefusal.seatsUnavailable(unavailable) }
        if let fence {
            guard numbers.allSatisfy({ fences[$0, default: 0] < fence }) else { throw ReservationRefusal.fenced }
            for number in numbers { fences[number] = fence }
        }
        let byType = Dictionary(grouping: numbers) { ModelHall.typeOfSeat[$0] ?? 0 }
        return byType.sorted { $0.key < $1.key }.map { type, numbers in
            Outcome.Line(type: type, quantity: numbers.count, seats: numbers.sorted())
        }
    }

    func takeItems(_ items: [Int: Int], _ hint: [Int: [String]]) throws -> [Outcome.Line] {
        try items.sorted { $0.key < $1.key }.map { type, quantity in
            guard type == ModelHall.standing else { return try best(quantity, type: type, section: nil, hint) }
            guard taken(of: type) + quantity <= standing else {
                throw ReservationRefusal.soldOut([hall.typeIDs[type]])
            }
            return Outcome.Line(type: type, quantity: quantity, seats: [])
        }
    }

    static func hint(_ observed: Outcome) -> [Int: [String]] {
        guard case .held(let held) = observed else { return [:] }
        return Dictionary(held.lines.map { ($0.type, $0.seats) }, uniquingKeysWith: +)
    }
}

// MARK: - Best available

extension SaleModel {
    /// A row's seats side by side that are free.
    private typealias Run = [String]

    private func best(
        _ quantity: Int, type: Int?, section: String?, _ hint: [Int: [String]]
    ) throws -> Outcome.Line {
        if let section, !ModelHall.sections.contains(where: { $0.name == section }) {
            throw ReservationRefusal.sectionUnknown(section)
        }
        let rows = ModelHall.rows.filter {
            $0.section.type == type ?? $0.section.type && $0.section.name == section ?? $0.section.name
        }
        let takenSeats = takenSeats
        let runs = rows.map { row in (row.section, Self.runs(row.numbers, takenSeats)) }
        let enough = runs.flatMap { section, runs in runs.map { (section, $0) } }.filter { $0.1.count >= quantity }
        if let (section, run) = enough.first(where: { $0.1.count != quantity + 1 }) ?? enough.first {
            return Outcome.Line(type: section.type, quantity: quantity, seats: run.prefix(quantity).sorted())
        }
        func free(_ condition: (ModelHall.Section) -> Bool) -> [Run] {
            runs.filter { condition($0.0) }.flatMap(\.1)
        }
        func isEnough(_ runs: [Run]) -> Bool { runs.reduce(0) { $0 + $1.count } >= quantity }
        let pools =
            rows.map(\.section.name).map { name in free { $0.name == name } }
            + rows.map(\.section.type).map { type in free { $0.type == type } }
        guard let pool = pools.first(where: isEnough), let seats = Self.division(quantity, of: pool, hint) else {
            throw ReservationRefusal.soldOut(type.map { [hall.typeIDs[$0]] } ?? [])
        }
        return Outcome.Line(
            type: ModelHall.typeOfSeat[seats[0]] ?? 0, quantity: quantity, seats: seats.sorted())
    }

    private static func runs(_ numbers: [String], _ taken: Set<String>) -> [Run] {
        numbers.split(whereSeparator: taken.contains).map(Array.init)
    }

    /// The seats of `hint`, when they are a good division of a group over `pool`; else some that are not.
    private static func division(_ quantity: Int, of pool: [Run], _ hint: [Int: [String]]) -> [String]? {
        let any = pool.flatMap { $0 }.prefix(quantity)
        guard let type = any.first.flatMap({ ModelHall.typeOfSeat[$0] }) else { return nil }
        let chosen = Set(hint[type] ?? [])
        let groups = pool.flatMap { run in
            run.split { !chosen.contains($0) }.map(\.count)
        }
        guard chosen.count == quantity, groups.reduce(0, +) == quantity else { return Array(any) }
        let lengths = pool.map(\.count).sorted(by: >)
        var (fewest, places) = (0, 0)
        while places < quantity {
            places += lengths[fewest]
            fewest += 1
        }
        let nobodyAlone = lengths.count { $0 > 1 } >= fewest && quantity >= 2 * fewest
        guard groups.count == fewest, !nobodyAlone || !groups.contains(1) else { return Array(any) }
        return chosen.sorted()
    }
}
