import RedisKit
import Synchronization
import TestSupport
import Testing

@testable import LockKit

@Suite struct QuorumTests {
    /// Runs `body` with a service on `count` independent masters.
    private func withMasters(
        _ count: Int, commandTimeout: Duration = .seconds(1),
        _ body: ([PrivateRedis], TopologyBench) async throws -> Void
    ) async throws {
        var masters: [PrivateRedis] = []
        for _ in 0..<count { masters.append(try await PrivateRedis.start()) }
        try await TopologyBench.with(Self.url(masters), commandTimeout: commandTimeout) { bench in
            try await body(masters, bench)
        }
    }

    private final class Counter: Sendable {
        private let number = Mutex(0)

        @discardableResult
        func add(_ change: Int) -> Int {
            number.withLock { number in
                number += change
                return number
            }
        }
    }

    private static func url(_ masters: [PrivateRedis]) -> String {
        "redis-quorum://" + masters.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    }

    private func locks(_ masters: [PrivateRedis]) throws -> [[String]] {
        try masters.map { try $0.keys().filter { $0.hasPrefix("lock:") } }
    }

    @Test func `a lock is on all masters, excludes others, and leaves all of them`() async throws {
        try await withMasters(3) { masters, bench async throws in
            for _ in 0..<3 {
                let grant = try await bench.locks.acquire(["b", "a"], scope: "E")
                #expect(try locks(masters) == Array(repeating: ["lock:{E}:a", "lock:{E}:b"], count: 3))
                #expect(await bench.locks.refusal(["b", "c"], scope: "E")?.heldResources == ["b"])
                #expect(try locks(masters) == Array(repeating: ["lock:{E}:a", "lock:{E}:b"], count: 3))
                #expect(await bench.locks.release(grant) == .released)
                #expect(try locks(masters).allSatisfy(\.isEmpty))
            }
        }
    }

    @Test(arguments: [false, true])
    func `a minority that is down or hangs does not matter`(hangs: Bool) async throws {
        try await withMasters(5) { masters, bench async throws in
            let before = try await bench.locks.acquire(["a"], scope: "E")
            for master in masters.prefix(2) { hangs ? master.pause() : master.kill() }
            #expect(await bench.locks.refusal(["a"], scope: "E")?.heldResources == ["a"])
            #expect(await bench.locks.release(before) == .released)
            for _ in 0..<5 {
                let grant = try await bench.locks.acquire(["a"], scope: "E")
                #expect(grant.token > before.token)
                #expect(await bench.locks.release(grant) == .released)
            }
            for master in masters.prefix(2) { master.resume() }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func `without a majority of the configured masters nothing is granted and nothing is left`(
        hangs: Bool
    ) async throws {
        try await withMasters(3, commandTimeout: .milliseconds(300)) { masters, bench async throws in
            await bench.locks.release(try await bench.locks.acquire(["a"], scope: "E"))
            for master in masters.prefix(2) { hangs ? master.pause() : master.kill() }
            for _ in 0..<3 {
                // One connected master is no majority of one.
                #expect(await bench.locks.refusal(["a"], scope: "E")?.backendError != nil)
            }
            for master in masters.prefix(2) { master.resume() }
            try await eventually(within: .seconds(30)) {
                try locks(hangs ? masters : [masters[2]]).allSatisfy(\.isEmpty)
            }
            #expect(bench.locks.monitor.snapshot().totals.failedAttempts == 0)
        }
    }

    @Test func `masters that refuse to write do not count, and keep nothing`() async throws {
        try await withMasters(3) { masters, bench async throws in
            await bench.locks.release(try await bench.locks.acquire(["a"], scope: "E"))
            try masters[0].command(["CONFIG", "SET", "maxmemory", "1"])
            let grant = try await bench.locks.acquire(["a"], scope: "E")
            #expect(try locks(masters) == [[], ["lock:{E}:a"], ["lock:{E}:a"]])
            #expect(await bench.locks.release(grant) == .released)
            try masters[1].command(["CONFIG", "SET", "maxmemory", "1"])
            #expect(await bench.locks.refusal(["a"], scope: "E")?.backendError?.code == .outOfMemory)
            #expect(try locks(masters).allSatisfy(\.isEmpty))
        }
    }

    @Test func `a key that another has on one master does not stop a majority`() async throws {
        try await withMasters(3) { masters, bench async throws in
            try masters[0].command(["SET", "lock:{E}:a", "somebody"])
            let grant = try await bench.locks.acquire(["a"], scope: "E")
            #expect(await bench.locks.release(grant) == .released)
            #expect(try locks(masters) == [["lock:{E}:a"], [], []])
            try masters[1].command(["SET", "lock:{E}:a", "somebody"])
            #expect(await bench.locks.refusal(["a"], scope: "E")?.heldResources == ["a"])
            #expect(try locks(masters)[2].isEmpty)
        }
    }

    @Test func `a master that forgot everything is no second majority, and tokens rise`() async throws {
        try await withMasters(3) { masters, bench async throws in
            let before = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            try await masters[0].restart()
            var other: LockError?
            try await eventually(within: .seconds(20)) {
                other = await bench.locks.refusal(["a"], scope: "E")
                return other?.heldResources == ["a"]
            }
            #expect(await bench.locks.release(before) == .released)
            let after = try await bench.locks.acquire(["a"], scope: "E")
            #expect(after.token > before.token)
            // It votes again, in a new epoch.
            try await eventually(within: .seconds(20)) {
                _ = await bench.locks.refusal(["b"], scope: "E", lease: .milliseconds(50))
                return try masters[0].keys().contains("fence:{E}")
            }
        }
    }

    @Test(arguments: [2, 3, 4])
    func `racing for a majority somebody wins, also where votes can be split evenly`(count: Int) async throws {
        try await withMasters(count) { masters, bench async throws in
            let (counter, running) = (Counter(), Counter())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { () async throws in
                        for _ in 0..<5 {
                            try await bench.locks.withLocks(["a"], scope: "E", waitAtMost: .seconds(60)) { _ in
                                #expect(running.add(1) == 1)
                                await Task.yield()
                                running.add(-1)
                                counter.add(1)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(counter.add(0) == 40)
            try await eventually { try locks(masters).allSatisfy(\.isEmpty) }
        }
    }

    @Test func `tokens of several processes never repeat and rise, while masters come and go`() async throws {
        try await withMasters(3, commandTimeout: .milliseconds(500)) { masters, bench async throws in
            let tokens = TokenLog()
            let epochs = bench.epochs
            try await TopologyBench.with(Self.url(masters), epochs: epochs) { second in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<6 {
                        let service = task.isMultiple(of: 2) ? bench.locks : second.locks
                        group.addTask { () async throws in
                            var last: FencingToken?
                            for round in 0..<30 {
                                // Refusals while a master is away are tried again.
                                guard let grant = try? await service.acquire(["\(task)/\(round)"], scope: "E")
                                else { continue }
                                if let last { #expect(grant.token > last) }
                                last = grant.token
                                tokens.append(grant.token)
                            }
                        }
                    }
                    group.addTask { () async throws in
                        for master in masters { try await master.restart() }
                    }
                    try await group.waitForAll()
                }
            }
            let given = tokens.all
            #expect(Set(given).count == given.count)
            #expect(given.count > 30)
        }
    }

    @Test func `renewing needs a majority as well, and a lost majority is told`() async throws {
        try await withMasters(3, commandTimeout: .milliseconds(300)) { masters, bench async throws in
            try await bench.locks.withLocks(["a"], scope: "E", lease: .seconds(9), holdAtMost: .seconds(60)) {
                let end = $0.validUntil
                masters[0].kill()
                let grant = $0
                try await eventually(within: .seconds(60)) { grant.validUntil > end + .seconds(1) }
            }
            await #expect(throws: LockError.self) {
                try await bench.locks.withLocks(
                    ["a"], scope: "E", lease: .seconds(9), holdAtMost: .seconds(60)
                ) { _ in
                    masters[1].kill()
                    try await Task.sleep(for: .seconds(60))
                }
            }
        }
    }

    @Test func `fair waiting on several masters is refused as what cannot be promised`() async throws {
        try await withMasters(1) { masters, _ async throws in
            let others = try await [PrivateRedis.start(), PrivateRedis.start()]
            try await TopologyBench.with(Self.url(masters + others)) { bench in
                let error = await bench.locks.refusal(["a"], scope: "E", waitAtMost: .seconds(1), isFair: true)
                #expect(error?.isInvalidRequest == true)
            }
        }
    }
}
