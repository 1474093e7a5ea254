import LockKit
import Synchronization
import TestSupport
import Testing

@Suite struct FuzzTests {
    /// A number that is safe to reach for, yet not to read and then write.
    private final class Counter: Sendable {
        private let number = Mutex(0)
        var value: Int {
            get { number.withLock { $0 } }
            set { number.withLock { $0 = newValue } }
        }
    }

    @Test func `eight tasks of a hundred unguarded increments each lose none`() async throws {
        try await withBench { bench in
            let counter = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { () async throws in
                        for _ in 0..<100 {
                            try await bench.locks.withLocks(["counter"], scope: "E", waitAtMost: .seconds(60)) { _ in
                                let read = counter.value
                                await Task.yield()
                                counter.value = read + 1
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(counter.value == 800)
            let statistics = bench.locks.monitor.statistics(for: "counter")
            #expect(statistics.successfulAttempts == 800)
            #expect(statistics.failedAttempts == 0)
            // A release that a busy machine answers too late goes on in the background, and counts as such.
            #expect(statistics.hold.count + statistics.backendErrors == 800)
        }
    }

    @Test func `of many contenders one wins, and the others learn which seats were in the way`() async throws {
        try await withBench { bench in
            for round in 0..<10 {
                let wins = try await withThrowingTaskGroup(of: Int.self) { group in
                    for contender in 0..<50 {
                        group.addTask { () async throws -> Int in
                            let hot = "s:E:\(round)"
                            let error = await bench.locks.refusal([hot, "s:E:\(round)/\(contender)"], scope: "E")
                            guard let error else { return 1 }
                            #expect(error.heldResources == [hot])
                            return 0
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(wins == 1)
            }
        }
    }
}
