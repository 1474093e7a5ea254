import TestSupport
import Testing

@testable import LockKit

@Suite struct WaitingTests {
    private struct Failure: Error {}

    @Test func `who may wait gets the lock when it is free`() async throws {
        try await withBench { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E")
            async let waiter = bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(10))
            try await eventually { try bench.redis.command(["INFO", "commandstats"]).contains("cmdstat_evalsha") }
            await bench.locks.release(grant)
            let next = try await waiter
            #expect(next.token > grant.token)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a wait ends in time with the refusal`() async throws {
        try await withBench { bench async throws in
            _ = try await bench.locks.acquire(["a"], scope: "E")
            let began = ContinuousClock.now
            let error = await bench.locks.refusal(["a"], scope: "E", waitAtMost: .milliseconds(200))
            #expect(error?.heldResources == ["a"])
            #expect(ContinuousClock.now - began >= .milliseconds(200))
        }
    }

    @Test func `pauses double from 5 to 100 ms and never pass what remains`() {
        var pause = WaitPause()
        var generator = SystemRandomNumberGenerator()
        func next(_ remaining: Duration, _ lease: Duration? = nil, isHeard: Bool = false) -> Duration {
            pause.next(remaining: remaining, lease: lease, isHeard: isHeard, using: &generator)
        }
        for bound in [5, 10, 20, 40, 80, 100, 100] {
            #expect((Duration.milliseconds(bound) / 2...Duration.milliseconds(bound)).contains(next(.seconds(1))))
        }
        #expect(next(.milliseconds(1)) == .milliseconds(1))
        #expect((Duration.milliseconds(500)...Duration.seconds(1)).contains(next(.seconds(9), isHeard: true)))
        // The holder's lease bounds the pause, announcements or not.
        #expect(
            (Duration.milliseconds(31)...Duration.milliseconds(41)).contains(
                next(.seconds(9), .milliseconds(30), isHeard: true)))
    }

    @Test func `a release wakes who waits, who did not have to ask again and again`() async throws {
        try await withBench { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            async let waiter = bench.makeService().acquire(["a"], scope: "E", waitAtMost: .seconds(60))
            try await eventually { try bench.redis.command(["PUBSUB", "NUMSUB", "wake:{E}"]).hasSuffix("1") }
            try await eventually { try bench.redis.command(["GETRANGE", "lock:{E}:a", "-1", "-1"]) == "+" }
            try bench.redis.command(["CONFIG", "RESETSTAT"])
            await bench.locks.release(grant)
            let next = try await waiter
            #expect(next.token > grant.token)
            #expect(try bench.calls(of: "publish") == 1)
        }
    }

    @Test func `locks that nobody waits for are released without an announcement`() async throws {
        try await withBench { bench async throws in
            for _ in 0..<5 {
                await bench.locks.release(try await bench.locks.acquire(["a", "b"], scope: "E"))
            }
            #expect(try bench.calls(of: "publish") == 0)
        }
    }

    @Test func `a wait ends with the lease of a holder who died, announcements or not`() async throws {
        try await withBench { bench async throws in
            for _ in 0..<2 {
                _ = try await bench.locks.acquireInTime(["a"], scope: "E", lease: .milliseconds(300))
                let next = try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60))
                #expect(await bench.locks.release(next) == .released)
            }
        }
    }

    @Test func `one who is woken in vain wakes the next`() async throws {
        try await withBench { bench async throws in
            let a = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            let b = try await bench.locks.acquire(["b"], scope: "E", lease: .seconds(600))
            // The first to wait needs both; the second could have a as soon as it is free.
            let both = Task { try await bench.locks.acquire(["a", "b"], scope: "E", waitAtMost: .seconds(60)) }
            try await eventually { bench.locks.signals.isHeard("wake:{E}") }
            let one = Task { try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60)) }
            try await eventually { bench.locks.monitor.snapshot().holders.count == 2 }
            await bench.locks.release(a)
            await bench.locks.release(try await one.value)
            await bench.locks.release(b)
            #expect(try await both.value.resources == ["a", "b"])
        }
    }

    @Test func `waiting goes on while the connection of the announcements is cut`() async throws {
        try await withBench { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            let waiter = Task { try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60)) }
            for _ in 0..<3 {
                try await eventually { try bench.redis.command(["PUBSUB", "NUMSUB", "wake:{E}"]).hasSuffix("1") }
                try bench.redis.command(["CLIENT", "KILL", "TYPE", "pubsub"])
            }
            await bench.locks.release(grant)
            #expect(try await waiter.value.isValid)
        }
    }

    @Test(arguments: [false, true])
    func `cancelling a wait leaves no key, no subscription and no task`(isFair: Bool) async throws {
        try await withBench { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E")
            for _ in 0..<3 {
                let waiter = Task {
                    await bench.locks.refusal(["a", "b"], scope: "E", waitAtMost: .seconds(60), isFair: isFair)
                }
                try await eventually { bench.locks.signals.isHeard("wake:{E}") }
                waiter.cancel()
                guard case .cancelled = await waiter.value else { return #expect(Bool(false), "it must be cancelled") }
                #expect(bench.locks.signals.scopeCount == 0)
                #expect(try bench.keys() == ["fence:{E}", "lock:{E}:a"])
                try await eventually { try bench.redis.command(["PUBSUB", "CHANNELS"]).isEmpty }
            }
            await bench.locks.release(grant)
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }

    @Test func `many who wait each get their turn, and nothing is left`() async throws {
        try await withBench { bench async throws in
            let services = [bench.locks, bench.makeService()]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<40 {
                    group.addTask { () async throws in
                        try await services[task % 2].withLocks(["a"], scope: "E", waitAtMost: .seconds(60)) { _ in
                            await Task.yield()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try bench.keys() == ["fence:{E}"])
            try await eventually { try bench.redis.command(["PUBSUB", "CHANNELS"]).isEmpty }
        }
    }

    @Test func `the locks end with the body, by return, by error and by cancellation`() async throws {
        try await withBench { bench async throws in
            let value = try await bench.locks.withLocks(["a"], scope: "E") { grant async throws in
                #expect(try bench.redis.command(["EXISTS", "lock:{E}:a"]) == "1")
                return grant.token.counter
            }
            #expect(value == 1)
            await #expect(throws: Failure.self) {
                try await bench.locks.withLocks(["a"], scope: "E") { _ in throw Failure() }
            }
            let task = Task {
                try await bench.locks.withLocks(["a"], scope: "E") { _ in try await Task.sleep(for: .seconds(60)) }
            }
            try await eventually { try bench.redis.command(["EXISTS", "lock:{E}:a"]) == "1" }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try bench.redis.command(["KEYS", "lock:*"]).isEmpty)
        }
    }
}
