import RedisKit
import Synchronization
import TestSupport
import Testing

@testable import LockKit

/// Faults that other lock libraries have had, each as a test that would find it here.
///
/// Those about renewing are in ``HoldingTests``, those about several masters in ``QuorumTests``, those about late
/// replies in the tests of RedisKit.
@Suite struct KnownBugsTests {
    @Test func `after the server was replaced anybody can lock, not only the old holder`() async throws {
        try await withBench { bench in
            let old = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            try await bench.redis.restart()
            var other: LockGrant?
            try await eventually {
                other = try? await bench.makeService().acquire(["a"], scope: "E")
                return other != nil
            }
            #expect(await bench.locks.release(old) == .lost(gone: 0, takenByAnother: 1))
            #expect(await bench.locks.release(try #require(other)) == .released)
        }
    }

    @Test func `a thousand seats leave one fencing key`() async throws {
        try await withBench { bench async throws in
            for first in stride(from: 0, to: 1000, by: 50) {
                let names = (first..<(first + 50)).map { "seat:E:\($0)" }
                await bench.locks.release(try await bench.locks.acquire(names, scope: "E"))
            }
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }

    @Test func `a fenced lock has the lease that was asked for, and its counter outlives it`() async throws {
        try await withBench { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(45))
            #expect((1...45_000).contains(try #require(Int(bench.redis.command(["PTTL", "lock:{E}:a"])))))
            #expect(try bench.redis.command(["PTTL", "fence:{E}"]) == "-1")
            await bench.locks.release(grant)
            #expect(try await bench.locks.acquire(["a"], scope: "E").token > grant.token)
        }
    }

    @Test func `validity is counted from the try that won, not from the first`() async throws {
        try await withBench { bench in
            let beforeAll = ContinuousClock.now
            _ = try await bench.locks.acquireInTime(["a"], scope: "E", lease: .milliseconds(900))
            let second = try await bench.locks.acquireInTime(["a"], scope: "E", lease: .seconds(10))
            #expect(second.validUntil - beforeAll > .milliseconds(9_900 + 100))
            #expect(second.validUntil <= second.acquiredAt + .milliseconds(9_900))
        }
    }

    @Test func `a wait may last longer than any number of retries`() async throws {
        try await withBench { bench in
            _ = try await bench.locks.acquireInTime(["a"], scope: "E", lease: .seconds(3))
            let next = try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60))
            #expect(next.isValid)
        }
    }

    @Test func `a release by a cancelled task frees the lock all the same`() async throws {
        try await withBench { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E")
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await bench.locks.release(grant)
            }
            #expect(await task.value == .released)
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }

    @Test func `a release that failed can be repeated with the same grant`() async throws {
        try await withBench(commandTimeout: .milliseconds(150)) { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            bench.redis.pause()
            #expect(await bench.locks.release(grant) == .unknown)
            bench.redis.resume()
            try await eventually { await bench.locks.release(grant) != .unknown }
            #expect(try bench.redis.command(["EXISTS", "lock:{E}:a"]) == "0")
        }
    }

    @Test func `a release whose reply was lost is sent again and is no loss`() async throws {
        try await withBench { bench async throws in
            let grants = try await withThrowingTaskGroup(of: LockGrant.self) { group in
                for number in 0..<200 {
                    group.addTask { try await bench.locks.acquire(["s\(number)"], scope: "E", lease: .seconds(600)) }
                }
                return try await group.reduce(into: [LockGrant]()) { $0.append($1) }
            }
            let outcomes = try await withThrowingTaskGroup(of: ReleaseOutcome.self) { group in
                for grant in grants { group.addTask { await bench.locks.release(grant) } }
                try bench.redis.command(["CLIENT", "KILL", "TYPE", "normal"])
                return try await group.reduce(into: [ReleaseOutcome]()) { $0.append($1) }
            }
            #expect(outcomes.allSatisfy { $0 == .released || $0 == .unknown })
            try await eventually { try bench.keys() == ["fence:{E}"] }
        }
    }

    @Test func `tasks of one thread have marks of their own`() async throws {
        try await withBench { bench in
            let first = try await bench.locks.acquire(["a"], scope: "E")
            let second = try await bench.locks.acquire(["b"], scope: "E")
            #expect(first.owner != second.owner)
            #expect(await bench.locks.refusal(["a"], scope: "E")?.heldResources == ["a"])
            #expect(await bench.locks.release(second) == .released)
            #expect(await bench.locks.refusal(["a"], scope: "E")?.heldResources == ["a"])
        }
    }

    @Test func `a grant whose lease is over does not say that it is valid`() async throws {
        try await withBench { bench in
            let grant = try await bench.locks.acquireInTime(["a"], scope: "E", lease: .milliseconds(300))
            try await eventually { try bench.redis.command(["EXISTS", "lock:{E}:a"]) == "0" }
            // It ended before the lock did.
            #expect(!grant.isValid)
        }
    }

    @Test func `a late reply is never taken for the reply to another acquisition`() async throws {
        try await withBench(commandTimeout: .milliseconds(150)) { bench async throws in
            await bench.locks.release(try await bench.locks.acquire(["warm"], scope: "E"))
            for round in 0..<5 {
                bench.redis.pause()
                let late = await bench.locks.refusal(["a"], scope: "E", lease: .seconds(600))
                #expect(late?.backendError?.outcomeUnknown == true)
                bench.redis.resume()
                var grant: LockGrant?
                try await eventually {
                    grant = try? await bench.locks.acquire(["b\(round)"], scope: "E", lease: .seconds(600))
                    return grant != nil
                }
                let owner = try bench.redis.command(["GET", "lock:{E}:b\(round)"])
                #expect(owner == grant?.owner)
            }
            // What the late commands took is given back.
            try await eventually(within: .seconds(20)) {
                try bench.redis.command(["EXISTS", "lock:{E}:a"]) == "0"
            }
        }
    }

    @Test(arguments: [0.25, 1.5])
    func `leases may be fractions of a second`(seconds: Double) async throws {
        try await withBench { bench async throws in
            let lease = Duration.seconds(seconds)
            let grant = try await bench.locks.acquireInTime(["a"], scope: "E", lease: lease)
            let left = try #require(Int(bench.redis.command(["PTTL", "lock:{E}:a"])))
            #expect(left <= Int(lease.wholeMilliseconds))
            #expect(grant.validUntil <= grant.acquiredAt + lease)
        }
    }
}
