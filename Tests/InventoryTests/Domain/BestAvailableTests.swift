import TestSupport
import Testing

@testable import inventory

@Suite struct BestAvailableTests {
    /// A hall of sections written as rows of text: `x` is free, `.` is taken. `A*` is of another ticket type.
    static func hall(_ sections: (String, [String])...) -> FreeSeats {
        hall(sections)
    }

    static func hall(_ sections: [(String, [String])]) -> FreeSeats {
        var ordinal: Int64 = 0
        var known: [FreeSeats.Section] = []
        for (name, rows) in sections {
            known.append(
                FreeSeats.Section(
                    name: name, ticketTypeID: name.hasSuffix("*") ? "other" : "type", rows: rows.count,
                    seatsPerRow: rows[0].count, firstOrdinal: ordinal))
            // Halls have gaps where sections were dropped.
            ordinal += Int64(rows.count * rows[0].count) + 7
        }
        var free = FreeSeats(sections: known, rulesVersion: 1, stockVersion: 0)
        for (section, (_, rows)) in sections.enumerated() {
            for (index, text) in rows.enumerated() {
                let row = FreeSeats.Row(section: section, index: index)
                let first = free.ordinals(of: row).lowerBound
                _ = free.set(row, free: text.enumerated().filter { $0.1 == "x" }.map { first + Int64($0.0) })
            }
        }
        return free
    }

    /// The choice as text: `A1:2-4` are the seats 2 to 4 of the first row of section A.
    private func choose(
        _ quantity: Int, _ free: FreeSeats, section: String? = nil, types: Set<String> = ["type", "other"]
    ) -> String? {
        let wish = BestAvailable.Wish(quantity: quantity, section: section, ticketTypeIDs: types)
        return BestAvailable.choose(wish, from: free)?.groups.map { group in
            "\(free.sections[group.row.section].name)\(group.row.index + 1):"
                + "\(group.seats.lowerBound + 1)-\(group.seats.upperBound)"
        }.joined(separator: " ")
    }

    @Test("seats side by side in the first row that has enough")
    func together() {
        #expect(choose(3, Self.hall(("A", ["xx.", "xxx", "xxx"]))) == "A2:1-3")
        #expect(choose(2, Self.hall(("A", ["..x", "x..", ".xx"]))) == "A3:2-3")
    }

    @Test("no seat is left alone when another row avoids it, however far behind")
    func noSeatAlone() {
        #expect(choose(2, Self.hall(("A", ["xxx.", "xxxx"]))) == "A2:1-2")
        #expect(choose(2, Self.hall(("A", ["xxx", "xxx"]), ("B", ["..", "xx"]))) == "B2:1-2")
        #expect(choose(1, Self.hall(("A", ["xx.", "x.."]))) == "A2:1-1")
        #expect(choose(2, Self.hall(("A", ["xxx.xx.xxxx"]))) == "A1:5-6")
    }

    @Test("a seat is left alone rather than buyers are torn apart")
    func seatAlone() {
        #expect(choose(2, Self.hall(("A", ["xxx", "x.x"]))) == "A1:1-2")
    }

    @Test("where nothing is side by side, as few groups as possible and nobody alone")
    func groups() {
        #expect(choose(4, Self.hall(("A", ["x.x", "xx.", "xx."]))) == "A2:1-2 A3:1-2")
        #expect(choose(4, Self.hall(("A", ["xxx", "xxx"]))) == "A1:1-2 A2:1-2")
        #expect(choose(5, Self.hall(("A", ["xxxx.", "xxx..", "x...."]))) == "A1:1-3 A2:1-2")
        #expect(choose(3, Self.hall(("A", ["xx.", "x.x"]))) == "A1:1-2 A2:1-1")
        #expect(choose(6, Self.hall(("A", ["xxx..", "xx.xx"]))) == "A1:1-2 A2:1-2 A2:4-5")
    }

    @Test("groups stay in one section where one has enough, and never mix ticket types")
    func sections() {
        #expect(choose(3, Self.hall(("A", ["xx"]), ("B", ["x.x", "x.."]))) == "B1:1-1 B1:3-3 B2:1-1")
        #expect(choose(3, Self.hall(("A", ["xx"]), ("B", ["xx"]))) == "A1:1-2 B1:1-1")
        #expect(choose(3, Self.hall(("A", ["xx"]), ("B*", ["xx"]))) == nil)
        #expect(choose(3, Self.hall(("A", ["xx"]), ("B*", ["xx"]), ("C*", ["x."]))) == "B*1:1-2 C*1:1-1")
    }

    @Test("a wish for a section or a ticket type is kept to")
    func wishes() {
        let hall = Self.hall(("A", ["xxxx"]), ("B*", ["xxxx"]))
        #expect(choose(2, hall, section: "B*") == "B*1:1-2")
        #expect(choose(2, hall, types: ["other"]) == "B*1:1-2")
        #expect(choose(2, hall, section: "B*", types: ["type"]) == nil)
    }

    @Test("nothing when there are too few")
    func tooFew() {
        #expect(choose(3, Self.hall(("A", ["xx."]))) == nil)
        #expect(choose(0, Self.hall(("A", ["xx."]))) == nil)
    }

    @Test("of all halls of two short rows every choice keeps the rules", arguments: 1...6)
    func allSmallHalls(quantity: Int) {
        for bits in 0..<(1 << 10) {
            let seats = (0..<10).map { bits >> $0 & 1 == 1 ? "x" : "." }
            check(quantity, [seats[..<5].joined(), seats[5...].joined()])
        }
    }

    @Test("of random halls every choice keeps the rules", arguments: 1...12)
    func randomHalls(quantity: Int) {
        var random = SeededGenerator(seed: UInt64(quantity))
        for _ in 0..<200 {
            // Rows of more than one word.
            let length = [7, 64, 65, 130].randomElement(using: &random) ?? 7
            let free = Int.random(in: 1...9, using: &random)
            let rows = (0..<4).map { _ in
                String((0..<length).map { _ in Int.random(in: 0..<10, using: &random) < free ? "x" : "." })
            }
            check(quantity, rows)
        }
    }

    /// The rules, said without the words of the code: about runs of free seats only.
    private func check(_ quantity: Int, _ rows: [String]) {
        let free = Self.hall([("A", rows)])
        let wish = BestAvailable.Wish(quantity: quantity, section: nil, ticketTypeIDs: ["type"])
        let choice = BestAvailable.choose(wish, from: free)
        let runs = rows.flatMap { $0.split(separator: ".").map(\.count) }
        guard runs.reduce(0, +) >= quantity else {
            #expect(choice == nil)
            return
        }
        guard let choice else {
            Issue.record("no choice of \(quantity) in \(rows)")
            return
        }
        var left = rows.map(Array.init)
        for group in choice.groups {
            for seat in group.seats {
                #expect(left[group.row.index][seat] == "x", "\(quantity) in \(rows)")
                left[group.row.index][seat] = "o"
            }
        }
        let sizes = choice.groups.map(\.seats.count)
        #expect(sizes.reduce(0, +) == quantity)
        if runs.contains(where: { $0 >= quantity }) {
            #expect(sizes == [quantity], "\(quantity) in \(rows)")
            let isAvoidable = runs.contains { $0 == quantity || $0 >= quantity + 2 }
            let touched = left.flatMap { $0.split(separator: ".") }.filter { $0.contains("o") }
            let isAlone = touched.contains { $0.split(separator: "o").contains { $0.count == 1 } }
            #expect(isAlone == !isAvoidable, "\(quantity) in \(rows)")
        } else {
            let longest = runs.sorted(by: >)
            let fewest = (1...longest.count).first { longest.prefix($0).reduce(0, +) >= quantity } ?? 0
            #expect(sizes.count == fewest, "\(quantity) in \(rows)")
            let someoneMustBeAlone = quantity < 2 * fewest || longest.count(where: { $0 > 1 }) < fewest
            #expect(sizes.contains(1) == false || someoneMustBeAlone, "\(quantity) in \(rows)")
        }
    }
}
