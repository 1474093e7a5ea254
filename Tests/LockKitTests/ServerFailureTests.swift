import LockKit
import RedisKit
import TestSupport
import Testing

@Suite struct ServerFailureTests {
    @Test func `scripts the server forgot are sent again`() async throws {
        try await withBench { bench in
            let first = try await bench.locks.acquire(["a"], scope: "E")
            try bench.redis.command(["SCRIPT", "FLUSH"])
            #expect(await bench.locks.release(first) == .released)
            try bench.redis.command(["SCRIPT", "FLUSH"])
            let second = try await bench.locks.acquire(["a"], scope: "E")
            #expect(second.token.counter == first.token.counter + 1)
        }
    }

    @Test func `after Redis was emptied the epoch is raised and tokens still rise`() async throws {
        try await withBench { bench in
            let before = try await bench.locks.acquire(["a"], scope: "E")
            try bench.redis.command(["FLUSHALL"])
            let after = try await bench.locks.acquire(["a"], scope: "E")
            #expect(after.token > before.token)
            #expect(after.token.epoch == before.token.epoch + 1)
            #expect(await bench.locks.release(before) == .lost(gone: 0, takenByAnother: 1))
        }
    }

    @Test func `emptied again and again under load, no token is given twice and all rise`() async throws {
        try await withBench { bench in
            let services = [bench.locks, bench.makeService()]
            let tokens = TokenLog()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask { () async throws in
                        var last: FencingToken?
                        for round in 0..<40 {
                            let service = services[(task + round) % 2]
                            let grant = try await service.acquire(["s:E:\(task)/\(round)"], scope: "E")
                            if let last { #expect(grant.token > last) }
                            last = grant.token
                            tokens.append(grant.token)
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<5 {
                        let count = tokens.all.count
                        try bench.redis.command(["FLUSHALL"])
                        try await eventually { [320, count + 20].contains { tokens.all.count >= $0 } }
                    }
                }
                try await group.waitForAll()
            }
            let given = tokens.all
            #expect(Set(given).count == 320)
            #expect(bench.epochs.epoch("E") > 1)
        }
    }

    @Test(arguments: [false, true])
    func `after a crash and a restart tokens rise, with or without a log on disk`(appendOnly: Bool) async throws {
        try await withBench(.init(appendOnly: appendOnly)) { bench in
            let before = try await bench.locks.acquire(["a"], scope: "E")
            try await bench.redis.restart()
            var after: LockGrant?
            try await eventually {
                after = try? await bench.locks.acquire(["b"], scope: "E")
                return after != nil
            }
            let token = try #require(after?.token)
            #expect(token > before.token)
            // A log may have lost its last second, so its counter is not trusted either.
            #expect(token.epoch > before.token.epoch)
            let remains = try bench.redis.command(["EXISTS", "lock:{E}:a"])
            #expect(remains == (appendOnly ? "1" : "0"))
        }
    }

    @Test func `a server that is away fails acquisitions at once, and apart from contention`() async throws {
        try await withBench { bench in
            await bench.locks.release(try await bench.locks.acquire(["a"], scope: "E"))
            bench.redis.kill()
            try await eventually {
                let error = await bench.locks.refusal(["a"], scope: "E")
                return error?.backendError?.code == .notConnected
            }
            let totals = bench.locks.monitor.snapshot().totals
            #expect(totals.failedAttempts == 0)
            #expect(totals.backendErrors > 0)
        }
    }

    @Test func `locks of an acquisition without an answer are given back when the server comes to itself`() async throws
    {
        try await withBench(commandTimeout: .milliseconds(150)) { bench in
            await bench.locks.release(try await bench.locks.acquire(["a"], scope: "E"))
            bench.redis.pause()
            let error = await bench.locks.refusal(["a", "b"], scope: "E", lease: .seconds(60))
            #expect(error?.backendError?.outcomeUnknown == true)
            bench.redis.resume()
            try await eventually(within: .seconds(20)) {
                try bench.redis.command(["INFO", "commandstats"]).contains("cmdstat_del")
                    && bench.redis.command(["KEYS", "lock:*"]).isEmpty
            }
        }
    }

    @Test func `a release without an answer goes on in the background`() async throws {
        try await withBench(commandTimeout: .milliseconds(150)) { bench in
            let grant = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(60))
            bench.redis.pause()
            #expect(await bench.locks.release(grant) == .unknown)
            bench.redis.resume()
            try await eventually { try bench.redis.command(["KEYS", "lock:*"]).isEmpty }
        }
    }

    @Test func `an epoch that cannot be raised refuses, and says so`() async throws {
        struct Broken: FencingEpochSource {
            struct Failure: Error {}
            func raiseEpoch(scope: String) async throws -> Int64 { throw Failure() }
        }
        struct Absurd: FencingEpochSource {
            func raiseEpoch(scope: String) async throws -> Int64 { 1 << 23 }
        }
        try await withBench { bench async throws in
            for epochs in [Broken(), Absurd()] as [any FencingEpochSource] {
                let service = bench.makeService(epochs: epochs)
                let error = await service.refusal(["a"], scope: "E")
                #expect(error?.isFenceUnavailable == true)
            }
            #expect(try bench.redis.command(["KEYS", "*"]).isEmpty)
        }
    }

    @Test func `epochs set back by a restored database are raised until they exceed what Redis has seen`() async throws
    {
        try await withBench(.init(appendOnly: true)) { bench in
            bench.epochs.set("E", to: 5)
            let before = try await bench.locks.acquire(["a"], scope: "E")
            bench.epochs.set("E", to: 4)
            try await bench.redis.restart()
            var after: LockGrant?
            try await eventually {
                after = try? await bench.locks.acquire(["b"], scope: "E")
                return after != nil
            }
            #expect(try #require(after).token > before.token)
        }
    }

    @Test(arguments: [nil, Duration.seconds(5)])
    func `tokens beyond what Lua's numbers can hold are exact`(wait: Duration?) async throws {
        try await withBench { bench in
            bench.epochs.set("E", to: 8191)
            var tokens: [FencingToken] = []
            for name in ["a", "b", "c"] {
                tokens.append(try await bench.locks.acquire([name], scope: "E", waitAtMost: wait).token)
            }
            #expect(tokens.map(\.epoch) == [8192, 8192, 8192])
            #expect(tokens.map(\.counter) == [1, 2, 3])
        }
    }

    @Test func `a counter that is none refuses, and no lock stays behind`() async throws {
        try await withBench { bench in
            try bench.redis.command(["SET", "fence:{E}", "text"])
            #expect(await bench.locks.refusal(["a", "b"], scope: "E")?.backendError != nil)
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }

    @Test func `a store that refuses a token can have the next ones exceed it`() async throws {
        try await withBench { bench in
            let before = try await bench.locks.acquire(["a"], scope: "E")
            bench.epochs.set("E", to: 100)
            try await bench.locks.renewFence(scope: "E")
            let after = try await bench.locks.acquire(["b"], scope: "E")
            #expect(after.token.epoch == 101)
            #expect(after.token > before.token)
        }
    }
}
