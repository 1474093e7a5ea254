import Testing

@testable import inventory

@Suite struct BestAvailableTests {
    /// Free seats of rows written as text: `x` is free, `.` is taken.
    private func free(_ rows: [String]) -> [BestAvailable.Candidate] {
        var position: Int64 = 0
        var candidates: [BestAvailable.Candidate] = []
        for (row, seats) in rows.enumerated() {
            for seat in seats {
                if seat == "x" {
                    candidates.append(BestAvailable.Candidate(position: position, row: row + 1, section: "A"))
                }
                position += 1
            }
        }
        return candidates
    }

    @Test("seats side by side in the first row that has enough")
    func together() {
        #expect(BestAvailable.choose(3, from: free(["xx.", "xxx", "xxx"])) == [3, 4, 5])
    }

    @Test("no single seat is left behind when another row avoids it")
    func noOrphan() {
        #expect(BestAvailable.choose(2, from: free(["xxx", "xxxx"])) == [3, 4])
    }

    @Test("a single seat is left behind rather than nobody served together")
    func orphanWhenUnavoidable() {
        #expect(BestAvailable.choose(2, from: free(["xxx", "x.x"])) == [0, 1])
    }

    @Test("rows do not run into each other")
    func rowsEnd() {
        #expect(BestAvailable.choose(2, from: free(["..x", "x..", ".xx"])) == [7, 8])
    }

    @Test("scattered seats when nothing is together")
    func scattered() {
        #expect(BestAvailable.choose(3, from: free(["x.x", "x.."])) == [0, 2, 3])
    }

    @Test("nothing when there are too few")
    func tooFew() {
        #expect(BestAvailable.choose(3, from: free(["xx"])) == nil)
        #expect(BestAvailable.choose(0, from: free(["xx"])) == nil)
    }

    @Test("every choice has the right number of free seats", arguments: 1...6)
    func alwaysValid(quantity: Int) {
        var generator = SplitMix(state: UInt64(quantity))
        for _ in 0..<300 {
            let rows = (0..<4).map { _ in
                String((0..<8).map { _ in Bool.random(using: &generator) ? "x" : "." } as [Character])
            }
            let candidates = free(rows)
            let chosen = BestAvailable.choose(quantity, from: candidates)
            guard candidates.count >= quantity else {
                #expect(chosen == nil)
                continue
            }
            let positions = Set(candidates.map(\.position))
            #expect(chosen.map { Set($0).count } == quantity)
            #expect(chosen?.allSatisfy(positions.contains) == true)
        }
    }
}

/// A small generator whose sequence a seed repeats (Steele, Lea and Flood 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
