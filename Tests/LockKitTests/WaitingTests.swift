import LockKit
import TestSupport
import Testing

@testable import struct LockKit.WaitBackoff

@Suite struct WaitingTests {
    private struct Failure: Error {}

    @Test func `who may wait gets the lock when it is free`() async throws {
        try await withBench { bench in
            let grant = try await bench.locks.acquire(["a"], scope: "E")
            async let waiter = bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(10))
            try await eventually { try bench.redis.command(["INFO", "commandstats"]).contains("cmdstat_evalsha") }
            await bench.locks.release(grant)
            let next = try await waiter
            #expect(next.token > grant.token)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a wait ends in time with the refusal`() async throws {
        try await withBench { bench in
            _ = try await bench.locks.acquire(["a"], scope: "E")
            let began = ContinuousClock.now
            let error = await bench.locks.refusal(["a"], scope: "E", waitAtMost: .milliseconds(200))
            #expect(error?.heldResources == ["a"])
            #expect(ContinuousClock.now - began >= .milliseconds(200))
            #expect(bench.locks.monitor.snapshot().totals.retries > 0)
        }
    }

    @Test func `pauses double from 5 to 100 ms and never pass what remains`() {
        var backoff = WaitBackoff()
        var generator = SystemRandomNumberGenerator()
        for bound in [5, 10, 20, 40, 80, 100, 100] {
            let pause = backoff.next(remaining: .seconds(1), using: &generator)
            #expect((Duration.milliseconds(bound) / 2...Duration.milliseconds(bound)).contains(pause))
        }
        #expect(backoff.next(remaining: .milliseconds(1), using: &generator) == .milliseconds(1))
    }

    @Test func `cancelling a wait leaves nothing behind`() async throws {
        try await withBench { bench in
            let grant = try await bench.locks.acquire(["a"], scope: "E")
            let waiter = Task {
                await bench.locks.refusal(["a", "b"], scope: "E", waitAtMost: .seconds(60))
            }
            waiter.cancel()
            guard case .cancelled = await waiter.value else { return #expect(Bool(false), "it must be cancelled") }
            #expect(try bench.redis.command(["KEYS", "lock:*"]) == "lock:{E}:a")
            await bench.locks.release(grant)
            #expect(try bench.redis.command(["KEYS", "lock:*"]).isEmpty)
        }
    }

    @Test func `the locks end with the body, by return, by error and by cancellation`() async throws {
        try await withBench { bench in
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
