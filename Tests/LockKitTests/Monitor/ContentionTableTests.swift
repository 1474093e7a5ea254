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

    @Test func `what weighs nothing takes free room, displaces nobody and is not lost`() {
        var table = ContentionTable(capacity: 2)
        table.note(MonitorKey("a")) { $0.lost += 1 }
        #expect(table.entry(of: MonitorKey("a"))?.entry.tally.lost == 1)
        table.add(MonitorKey("b"), weight: 5) { $0.successes += 1 }
        table.note(MonitorKey("c")) { $0.lost += 1 }
        #expect(table.entry(of: MonitorKey("c")) == nil)
        #expect(table.other.lost == 1)
        // The first to give way is what weighs nothing.
        table.add(MonitorKey("d"), weight: 1) { $0.successes += 1 }
        #expect(table.entry(of: MonitorKey("a")) == nil)
        #expect(table.other.lost == 2)
        var full = ContentionTable(capacity: 1)
        full.add(MonitorKey("b"), weight: 1) { $0.successes += 1 }
        var light = ContentionTable(capacity: 1)
        light.note(MonitorKey("a")) { $0.lost += 1 }
        full.merge(light)
        #expect(full.entry(of: MonitorKey("b"))?.entry.tally.successes == 1)
        #expect(full.other.lost == 1)
    }

    @Test func `a release in a later slice counts for its resource`() {
        var (early, late) = (
            ContentionSlice(resourcesMax: 4, groupsMax: 4), ContentionSlice(resourcesMax: 4, groupsMax: 4)
        )
        early.record(MonitorKey("a"), MonitorKey("E"), weight: 1, group: nil) { $0.successes += 1 }
        late.record(MonitorKey("a"), MonitorKey("E"), weight: 0, group: nil) { $0.hold.record(nanoseconds: 1) }
        early.merge(late)
        #expect(early.resources.entry(of: MonitorKey("a"))?.entry.tally.hold.count == 1)
        #expect(early.groups.entry(of: MonitorKey("E"))?.entry.tally.hold.count == 1)
    }
}
