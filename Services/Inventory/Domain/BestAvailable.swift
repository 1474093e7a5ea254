/// Chooses seats for a buyer who only says how many.
///
/// In this order:
/// 1. all side by side in one row, and no free seat is left alone beside them where another row avoids that;
/// 2. all side by side, a seat left alone or not;
/// 3. in as few groups as possible, of one section where one has enough, else of one ticket type; nobody sits alone
///    where another division avoids it.
///
/// Among equals the first in seat order wins, which is the order in which the organizer named the sections: equal
/// questions get equal answers. Ticket types are never mixed, so that all seats of a choice cost the same.
enum BestAvailable {
    /// What the buyer wants.
    struct Wish: Sendable, Hashable {
        let quantity: Int
        /// Any when nil.
        let section: String?
        /// The ticket types that may be chosen from.
        let ticketTypeIDs: Set<String>
    }

    /// Seats side by side, by their places in the row from 0.
    struct Group: Sendable, Hashable {
        let row: FreeSeats.Row
        let seats: Range<Int>
    }

    struct Choice: Sendable, Hashable {
        /// In seat order.
        let groups: [Group]
        /// The rows before the choice that have enough side by side and were passed over to leave no seat alone.
        let passedOver: [FreeSeats.Row]
    }

    /// The best seats for `wish`; nil when there are too few.
    static func choose(_ wish: Wish, from free: FreeSeats) -> Choice? {
        guard wish.quantity > 0 else { return nil }
        let sections = free.sections.indices.filter { index in
            let section = free.sections[index]
            return wish.ticketTypeIDs.contains(section.ticketTypeID) && (wish.section ?? section.name) == section.name
        }
        return together(wish.quantity, in: sections, from: free) ?? divided(wish.quantity, in: sections, from: free)
    }

    // MARK: - Side by side

    private static func together(_ quantity: Int, in sections: [Int], from free: FreeSeats) -> Choice? {
        var second: Group?
        var passedOver: [FreeSeats.Row] = []
        for row in rows(of: sections, with: quantity, from: free) {
            var best: Group?
            var isEnough = false
            free.forEachRun(in: row) { run in
                guard run.count >= quantity else { return true }
                isEnough = true
                let group = Group(row: row, seats: run.prefix(quantity))
                if run.count - quantity != 1 { best = group } else if second == nil { second = group }
                return best == nil
            }
            if let best { return Choice(groups: [best], passedOver: passedOver) }
            if isEnough { passedOver.append(row) }
        }
        return second.map { Choice(groups: [$0], passedOver: passedOver) }
    }

    /// The rows of `sections`, in seat order, in which `count` seats may be free.
    private static func rows(
        of sections: [Int], with count: Int, from free: FreeSeats
    ) -> some Sequence<FreeSeats.Row> {
        sections.lazy.flatMap { section in
            (0..<free.sections[section].rows).lazy.map { FreeSeats.Row(section: section, index: $0) }
        }.filter { free.count(in: $0) >= count }
    }

    // MARK: - In groups

    private static func divided(_ quantity: Int, in sections: [Int], from free: FreeSeats) -> Choice? {
        func isEnough(_ sections: [Int]) -> Bool {
            var count = 0
            return rows(of: sections, with: 1, from: free).contains { row in
                count += free.count(in: row)
                return count >= quantity
            }
        }
        var chosen = sections.lazy.map { [$0] }.first(where: isEnough)
        if chosen == nil {
            let types = sections.map { free.sections[$0].ticketTypeID }
            chosen = types.lazy.map { type in
                sections.filter { free.sections[$0].ticketTypeID == type }
            }.first(where: isEnough)
        }
        guard let chosen else { return nil }
        var runs = Runs(of: rows(of: chosen, with: 1, from: free), from: free, quantity: quantity)
        let groups = runs.divide(quantity)
        return Choice(groups: groups.sorted(), passedOver: [])
    }

    /// Runs shorter than the quantity wanted, by length, and of each length as many as could be used.
    private struct Runs {
        /// In seat order, at the place that is their length.
        private var byLength: [[Group]]

        init(of rows: some Sequence<FreeSeats.Row>, from free: FreeSeats, quantity: Int) {
            var byLength: [[Group]] = Array(repeating: [], count: max(quantity, 2))
            for row in rows {
                free.forEachRun(in: row) { run in
                    if byLength[run.count].count < quantity {
                        byLength[run.count].append(Group(row: row, seats: run))
                    }
                    return true
                }
            }
            self.byLength = byLength
        }

        /// The longest first, which makes the fewest groups; but as many kept back as nobody after them sits alone.
        mutating func divide(_ quantity: Int) -> [Group] {
            let lengths = byLength.indices.reversed().flatMap { Array(repeating: $0, count: byLength[$0].count) }
            var (fewest, places) = (0, 0)
            while places < quantity, fewest < lengths.count {
                places += lengths[fewest]
                fewest += 1
            }
            let smallest = quantity >= 2 * fewest && lengths.prefix(fewest).allSatisfy { $0 > 1 } ? 2 : 1
            var groups: [Group] = []
            var rest = quantity
            for others in (0..<fewest).reversed() {
                guard let run = others == 0 ? removeFitting(rest) : removeLongest() else { break }
                let seats = run.seats.prefix(rest - smallest * others)
                groups.append(Group(row: run.row, seats: seats))
                rest -= seats.count
            }
            return groups
        }

        /// The first run of `count` seats or more, one that leaves no seat alone before others.
        private mutating func removeFitting(_ count: Int) -> Group? {
            let good = byLength.indices.filter { $0 == count || $0 >= count + 2 }
            let lengths = good.contains { !byLength[$0].isEmpty } ? good : [count + 1]
            let first = lengths.filter { byLength.indices.contains($0) && !byLength[$0].isEmpty }
                .min { byLength[$0][0] < byLength[$1][0] }
            return first.map { byLength[$0].removeFirst() }
        }

        private mutating func removeLongest() -> Group? {
            byLength.lastIndex { !$0.isEmpty }.map { byLength[$0].removeFirst() }
        }
    }
}

extension BestAvailable.Group: Comparable {
    /// Whether a group comes first in seat order.
    static func < (left: Self, right: Self) -> Bool {
        (left.row.section, left.row.index, left.seats.lowerBound)
            < (right.row.section, right.row.index, right.seats.lowerBound)
    }
}
