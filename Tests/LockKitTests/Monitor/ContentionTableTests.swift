import Testing

@testable import LockKit

@Suite struct ContentionTableTests {
    @Test func `many keys fit into a bounded table, the heavy ones are found and the sums are exact`() {
        var table = ContentionTable(capacity: 64)
        let hot = MonitorKey("hot")
        for number in 0..<100_000 {
            table.add(MonitorKey("seat \(number)"), weight: 1) { $0.successes += 1 }
            if number % 20 == 0 {
                table.add(hot, weight: 1) { $0.failures += 1 }
            }
        }
        #expect(table.entries.count == 64)
        // Over 1/64 of the total weight: it must be there, and be the heaviest.
        let found = table.entry(of: hot)
        #expect(found != nil)
        #expect(table.weights.max() == found?.weight)
        let failures = table.entries.reduce(table.other.failures) { $0 + $1.tally.failures }
        let successes = table.entries.reduce(table.other.successes) { $0 + $1.tally.successes }
        #expect(failures == 5_000)
        #expect(successes == 100_000)
        #expect(found.map { $0.weight - $0.entry.inherited <= 5_000 } == true)
    }

    @Test func `the lightest gives way and its successor inherits the weight as an error bound`() {
        var table = ContentionTable(capacity: 2)
        table.add(MonitorKey("a"), weight: 10) { $0.successes += 1 }
        table.add(MonitorKey("b"), weight: 3) { $0.successes += 1 }
        table.add(MonitorKey("c"), weight: 1) { $0.successes += 1 }
        #expect(table.entry(of: MonitorKey("b")) == nil)
        let newcomer = table.entry(of: MonitorKey("c"))
        #expect(newcomer?.weight == 4)
        #expect(newcomer?.entry.inherited == 3)
        #expect(newcomer?.entry.tally.successes == 1)
        #expect(table.other.successes == 1)
    }

    @Test func `merged tables count every event once`() {
        var sum = ContentionTable(capacity: 8)
        for part in 0..<3 {
            var table = ContentionTable(capacity: 8)
            for number in 0..<20 {
                table.add(MonitorKey("\(part)/\(number)"), weight: UInt64(number)) { $0.successes += 1 }
            }
            sum.merge(table)
        }
        #expect(sum.entries.count == 8)
        #expect(sum.entries.reduce(sum.other.successes) { $0 + $1.tally.successes } == 60)
    }
}
