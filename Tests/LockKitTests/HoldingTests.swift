import LockKit
import RedisKit
import Synchronization
import TestSupport
import Testing

@Suite struct HoldingTests {
    private struct Failure: Error {}

    /// Something that happens once.
    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isSet: Bool { state.withLock { $0 } }
        func set() { state.withLock { $0 = true } }
    }

    /// Runs `body` with renewed locks; what it was refused with, nil when it ended well.
    private func loss(
        _ bench: LockBench, lease: Duration = .seconds(6), holdAtMost: Duration = .seconds(60),
        _ body: @escaping @Sendable (LockGrant) async throws -> Void
    ) async -> LockLoss? {
        while true {
            do {
                try await bench.locks.withLocks(
                    ["a", "b"], scope: "E", lease: lease, waitAtMost: .seconds(60), holdAtMost: holdAtMost, body)
                return nil
            } catch LockError.acquiredTooLate {
                continue
            } catch {
                return (error as? LockError)?.loss
            }
        }
    }

    @Test func `renewed locks outlast their lease, and their grant knows`() async throws {
        try await withBench { bench async throws in
            let loss = await loss(bench) { grant in
                let firstEnd = grant.validUntil
                try await eventually(within: .seconds(60)) { grant.validUntil > firstEnd + .milliseconds(3500) }
                #expect(grant.isValid)
                #expect(await bench.makeService().refusal(["a"], scope: "E")?.heldResources == ["a"])
            }
            #expect(loss == nil)
            #expect(bench.locks.monitor.snapshot().totals.extended >= 4)
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }

    @Test(arguments: [0, 1, 2])
    func `renewing ends before the release, by return, error and cancellation`(ending: Int) async throws {
        try await withBench { bench async throws in
            for _ in 0..<2 {
                let task = Task {
                    try await bench.locks.withLocks(
                        ["a"], scope: "E", lease: .seconds(3), waitAtMost: .seconds(60), holdAtMost: .seconds(60)
                    ) { grant in
                        let end = grant.validUntil
                        try await eventually(within: .seconds(60)) { grant.validUntil > end }
                        if ending == 1 { throw Failure() }
                        if ending == 2 { withUnsafeCurrentTask { $0?.cancel() } }
                    }
                }
                _ = await task.result
                // The successor's lease is its own: nobody renews it.
                let next = try await bench.locks.acquire(
                    ["a"], scope: "E", lease: .seconds(600), waitAtMost: .seconds(60))
                let renewals = try bench.calls(of: "pexpire")
                #expect(await bench.locks.release(next) == .released)
                #expect(try bench.calls(of: "pexpire") == renewals)
            }
        }
    }

    @Test func `locks that Redis lost cancel their holder and are reported, whatever it returns`() async throws {
        try await withBench { bench async throws in
            let cancelled = Flag()
            let loss = await loss(bench) { _ in
                try bench.redis.command(["DEL", "lock:{E}:a"])
                while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
                // It returns as if all were well.
                cancelled.set()
            }
            #expect(loss == .taken(gone: 1, takenByAnother: 0))
            #expect(cancelled.isSet)
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }

    @Test func `a lock that another has now is never renewed nor freed`() async throws {
        try await withBench { bench async throws in
            let loss = await loss(bench) { _ in
                try bench.redis.command(["SET", "lock:{E}:b", "another"])
                try await Task.sleep(for: .seconds(60))
            }
            #expect(loss == .taken(gone: 0, takenByAnother: 1))
            #expect(try bench.redis.command(["PTTL", "lock:{E}:b"]) == "-1")
            #expect(try bench.redis.command(["GET", "lock:{E}:b"]) == "another")
        }
    }

    @Test func `when Redis hangs the holder learns of the end of its lease on time`() async throws {
        try await withBench(commandTimeout: .seconds(30)) { bench async throws in
            let isValidAtCancellation = Flag()
            let task = Task {
                await self.loss(bench) { grant in
                    bench.redis.pause()
                    try? await Task.sleep(for: .seconds(60))
                    if grant.isValid { isValidAtCancellation.set() }
                }
            }
            // Nothing but the holder's own clock can end it: the server answers nothing before this.
            try await eventually(within: .seconds(60)) {
                bench.locks.monitor.snapshot().holders.contains { $0.remainingLeaseMs < 0 }
            }
            bench.redis.resume()
            guard case .leaseOver? = await task.value else { return #expect(Bool(false), "the lease was over") }
            #expect(!isValidAtCancellation.isSet)
        }
    }

    @Test func `renewing survives cut connections and a short outage`() async throws {
        try await withBench { bench async throws in
            let loss = await loss(bench, lease: .seconds(9)) { grant in
                for _ in 0..<3 {
                    let end = grant.validUntil
                    try bench.redis.command(["CLIENT", "KILL", "TYPE", "normal"])
                    try await eventually(within: .seconds(60)) { grant.validUntil > end }
                }
            }
            #expect(loss == nil)
        }
    }

    @Test func `nobody holds longer than allowed`() async throws {
        try await withBench { bench async throws in
            let loss = await loss(bench, lease: .seconds(6), holdAtMost: .seconds(7)) { _ in
                try await Task.sleep(for: .seconds(60))
            }
            #expect(loss == .heldTooLong)
            let refused = await #expect(throws: LockError.self) {
                try await bench.locks.withLocks(["a"], scope: "E", lease: .seconds(2), holdAtMost: .seconds(1)) { _ in }
            }
            #expect(refused?.isInvalidRequest == true)
        }
    }

    @Test func `a grant can be extended again and again`() async throws {
        try await withBench { bench async throws in
            var grant = try await bench.locks.acquire(["a", "b"], scope: "E", lease: .seconds(60))
            for _ in 0..<5 {
                let longer = try await bench.locks.extend(grant, lease: .seconds(120))
                #expect(longer.validUntil > grant.validUntil)
                #expect(longer.token == grant.token)
                grant = longer
            }
            #expect(try #require(Int(bench.redis.command(["PTTL", "lock:{E}:b"]))) > 10_000)
            #expect(await bench.locks.release(grant) == .released)
        }
    }

    @Test func `what is expired, given back or another's is not extended, and never taken again`() async throws {
        try await withBench { bench async throws in
            func lossOfExtending(_ grant: LockGrant) async -> LockLoss? {
                do throws(LockError) {
                    _ = try await bench.locks.extend(grant)
                    return nil
                } catch {
                    return error.loss
                }
            }
            let expired = try await bench.locks.acquireInTime(["a"], scope: "E", lease: .milliseconds(500))
            try await eventually { !expired.isValid }
            #expect(await lossOfExtending(expired) == .leaseOver(nil))
            let released = try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60))
            await bench.locks.release(released)
            #expect(await lossOfExtending(released) == .taken(gone: 1, takenByAnother: 0))
            #expect(try bench.redis.command(["EXISTS", "lock:{E}:a"]) == "0")
            let successor = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            #expect(await lossOfExtending(released) == .taken(gone: 0, takenByAnother: 1))
            #expect(successor.isValid)
            let partly = try await bench.locks.acquireInTime(["b", "c"], scope: "E", lease: .seconds(20))
            try bench.redis.command(["DEL", "lock:{E}:c"])
            #expect(await lossOfExtending(partly) == .taken(gone: 1, takenByAnother: 0))
            #expect(try #require(Int(bench.redis.command(["PTTL", "lock:{E}:b"]))) <= 20_000)
        }
    }
}
