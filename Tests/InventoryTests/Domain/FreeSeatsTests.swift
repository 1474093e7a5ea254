import TestSupport
import Testing

@testable import inventory

@Suite struct FreeSeatsTests {
    private let sections = [
        FreeSeats.Section(name: "B", ticketTypeID: "t", rows: 3, seatsPerRow: 70, firstOrdinal: 100),
        FreeSeats.Section(name: "A", ticketTypeID: "t", rows: 2, seatsPerRow: 5, firstOrdinal: 0),
    ]

    private func runs(_ free: FreeSeats, _ row: FreeSeats.Row) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        free.forEachRun(in: row) { run in
            runs.append(run)
            return true
        }
        return runs
    }

    @Test("as long as nothing is known every seat may be free, in seat order of the sections")
    func unknown() {
        let free = FreeSeats(sections: sections, rulesVersion: 1, stockVersion: 0)
        #expect(free.sections.map(\.name) == ["A", "B"])
        let row = FreeSeats.Row(section: 1, index: 2)
        #expect(free.row("B", 3) == row)
        #expect(free.ordinals(of: row) == 240..<310)
        #expect(runs(free, row) == [0..<70] && free.count(in: row) == 70)
        for (section, number) in [("C", 1), ("A", 0), ("A", 3)] { #expect(free.row(section, number) == nil) }
    }

    @Test("what is learned of a row is kept, and whether it was news is said")
    func learning() {
        var free = FreeSeats(sections: sections, rulesVersion: 1, stockVersion: 0)
        let row = FreeSeats.Row(section: 1, index: 0)
        let ordinals: [Int64] = [100, 101, 163, 164, 165, 169]
        let news = [free.set(row, free: ordinals), free.set(row, free: ordinals)]
        #expect(news == [true, false])
        #expect(runs(free, row) == [0..<2, 63..<66, 69..<70] && free.count(in: row) == 6)
        free.take(64..<66, in: row)
        free.take(64..<66, in: row)
        #expect(runs(free, row) == [0..<2, 63..<64, 69..<70] && free.count(in: row) == 4)
        free.freeAll(of: row)
        #expect(runs(free, row) == [0..<70] && free.count(in: row) == 70)
    }

    @Test("runs end where rows do, and are those of the seats whatever their number", arguments: 0..<40)
    func randomRows(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let seats = Int.random(in: 1...200, using: &random)
        let section = FreeSeats.Section(name: "A", ticketTypeID: "t", rows: 3, seatsPerRow: seats, firstOrdinal: 3)
        var free = FreeSeats(sections: [section], rulesVersion: 1, stockVersion: 0)
        let row = FreeSeats.Row(section: 0, index: 1)
        let chosen = (0..<seats).filter { _ in Bool.random(using: &random) }
        _ = free.set(row, free: chosen.map { free.ordinals(of: row).lowerBound + Int64($0) })
        #expect(runs(free, row).flatMap(Array.init) == chosen)
        #expect(free.count(in: row) == chosen.count)
        for other in [0, 2] { #expect(runs(free, FreeSeats.Row(section: 0, index: other)) == [0..<seats]) }
    }
}
