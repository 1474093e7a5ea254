import NIOPosix
import RedisKit
import TestSupport
import Testing

@testable import LockKit

@Suite struct ContentionExchangeTests {
    /// A process: locks that it counts, and its end of the exchange.
    private struct Member: Sendable {
        let locks: LockService
        let exchange: ContentionExchange
    }

    private func makeMember(_ bench: LockBench) -> Member {
        var configuration = ContentionMonitor.Configuration()
        configuration.group = { String($0.prefix(1)) }
        let monitor = ContentionMonitor(configuration: configuration)
        let locks = LockService(redis: bench.client, epochs: bench.epochs, monitor: monitor, logger: LockBench.logger)
        return Member(
            locks: locks,
            exchange: ContentionExchange(monitor: monitor, redis: bench.client, logger: LockBench.logger))
    }

    @Test func `what several processes counted is added up, resources, groups, holders and percentiles`() async throws {
        try await withBench { bench async throws in
            let (first, second) = (makeMember(bench), makeMember(bench))
            let held = try await first.locks.acquire(["hot"], scope: "E", lease: .seconds(600))
            for _ in 0..<10 { _ = await second.locks.refusal(["hot"], scope: "E") }
            await second.locks.release(try await second.locks.acquire(["quiet"], scope: "E"))
            await first.exchange.publish()
            await second.exchange.publish()
            for member in [first, second] {
                for window in ContentionWindow.allCases {
                    let snapshot = await member.exchange.snapshot(window: window)
                    #expect(snapshot.totals.totalAttempts == 12)
                    #expect(snapshot.totals.failedAttempts == 10)
                    #expect(snapshot.totals.hold.count == 1)
                    #expect(snapshot.resources["hot"]?.totalAttempts == 11)
                    #expect(snapshot.groups["E"]?.totalAttempts == 12)
                    #expect(snapshot.groups["h"]?.totalAttempts == 11)
                    #expect(snapshot.holders.map(\.resources) == [["hot"]])
                    #expect(snapshot.holders.first?.token == held.token)
                }
                let hot = await member.exchange.statistics(for: "hot")
                #expect(hot.successfulAttempts == 1)
                #expect(hot.wait.count == 11)
                #expect(await member.exchange.statistics(for: "never") == LockStatistics())
            }
        }
    }

    @Test func `a reset by one is a reset of all`() async throws {
        try await withBench { bench async throws in
            let members = [makeMember(bench), makeMember(bench), makeMember(bench)]
            for member in members {
                await member.locks.release(try await member.locks.acquire(["a"], scope: "E"))
                await member.exchange.publish()
            }
            #expect(await members[0].exchange.snapshot().totals.totalAttempts == 3)
            try await members[1].exchange.reset()
            for member in members {
                try await eventually { await member.exchange.snapshot().totals.totalAttempts == 0 }
            }
            // What was counted before is not taken any more, and what comes after is.
            await members[2].locks.release(try await members[2].locks.acquire(["b"], scope: "E"))
            for member in members { await member.exchange.publish() }
            for member in members {
                try await eventually { await member.exchange.snapshot().totals.totalAttempts == 1 }
            }
        }
    }

    @Test func `a process that ends leaves its figures to the others`() async throws {
        try await withBench { bench async throws in
            let (ended, other) = (makeMember(bench), makeMember(bench))
            let running = Task { try await ended.exchange.run() }
            await ended.locks.release(try await ended.locks.acquire(["a"], scope: "E"))
            running.cancel()
            try await running.value
            #expect(await other.exchange.snapshot().totals.totalAttempts == 1)
            #expect(try Int(bench.redis.command(["TTL", "contention:{locks}:figures"])).map { $0 > 3500 } == true)
        }
    }

    @Test func `without Redis everyone knows themselves, and a reset says that it did not reach the others`()
        async throws
    {
        try await withBench { bench async throws in
            let member = makeMember(bench)
            await member.locks.release(try await member.locks.acquire(["a"], scope: "E"))
            bench.redis.kill()
            await member.exchange.publish()
            #expect(await member.exchange.snapshot().totals.totalAttempts == 1)
            await #expect(throws: RedisError.self) { try await member.exchange.reset() }
        }
    }

    @Test func `published figures are bounded, and their sums are exact`() async throws {
        let monitor = ContentionMonitor()
        for number in 0..<5_000 {
            monitor.failed(
                ["s\(number)"], scope: "E", .held(resources: ["s\(number)"]), wait: .microseconds(number), retries: 1)
        }
        let reports = Dictionary(uniqueKeysWithValues: ContentionWindow.allCases.map { ($0, monitor.report($0)) })
        let text = ReportText.text(of: reports, resourcesMax: 50)
        #expect(text.utf8.count < 100_000)
        let read = try #require(ReportText.reports(in: text, age: .zero)?[.total])
        #expect(read.slice.resources.entries.count == 50)
        let sum = read.slice.resources.entries.reduce(read.slice.resources.other.failures) { $0 + $1.tally.failures }
        #expect(sum == 5_000)
        #expect(read.slice.totals.wait.percentile(0.99) == reports[.total]?.slice.totals.wait.percentile(0.99))
        #expect(read.slice.resources.weights.max() == reports[.total]?.slice.resources.weights.max())
    }

    @Test func `text that is no report is none`() {
        let monitor = ContentionMonitor()
        monitor.failed(["a"], scope: "E", .held(resources: ["a"]), wait: .milliseconds(1), retries: 0)
        let text = ReportText.text(of: [.total: monitor.report(.total)], resourcesMax: 10)
        #expect(ReportText.reports(in: text, age: .zero) != nil)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for length in 2..<(lines.count - 1) {
            let cut = lines.prefix(length).joined(separator: "\n")
            #expect(ReportText.reports(in: cut, age: .zero) == nil, "\(length)")
        }
        for other in ["", "2\n", "1\nx\n", "1\ntotal\n-1\n", text.replacing("total", with: "2m")] {
            #expect(ReportText.reports(in: other, age: .zero) == nil, "\(other)")
        }
    }
}
