import LockKit
import TestSupport
import Testing

@Suite struct OwnershipTests {
    private let names = ["s:E:1"]

    @Test func `a second release finds the locks gone and frees nothing`() async throws {
        try await withBench { bench in
            let grant = try await bench.locks.acquire(names, scope: "E")
            #expect(await bench.locks.release(grant) == .released)
            #expect(await bench.locks.release(grant) == .lost(gone: 1, takenByAnother: 0))
            let successor = try await bench.locks.acquire(names, scope: "E")
            #expect(await bench.locks.release(grant) == .lost(gone: 0, takenByAnother: 1))
            #expect(await bench.locks.release(successor) == .released)
        }
    }

    @Test func `a release that nobody waits for is done before whatever this service asks for next`() async throws {
        try await withBench { bench in
            for number in 0..<500 {
                let scope = "E\(number % 7)"
                let grant = try await bench.locks.acquire(["s:\(scope):1", "s:\(scope):2"], scope: scope)
                bench.locks.releaseLater(grant)
            }
            try await eventually(within: .seconds(10)) {
                bench.locks.monitor.snapshot(window: .total, top: 1).holders.isEmpty
            }
            #expect(try bench.redis.command(["KEYS", "lock:*"]).isEmpty)
            #expect(bench.locks.monitor.snapshot(window: .total, top: 1).totals.successfulAttempts == 1000)
        }
    }

    @Test func `a release that nobody waits for survives a server that forgot the script`() async throws {
        try await withBench { bench in
            let grant = try await bench.locks.acquire(names, scope: "E")
            try bench.redis.command(["SCRIPT", "FLUSH"])
            bench.locks.releaseLater(grant)
            try await eventually(within: .seconds(10)) { try bench.redis.command(["KEYS", "lock:*"]).isEmpty }
        }
    }

    @Test func `a lock ends with its lease, and a late release never frees a successor's`() async throws {
        try await withBench { bench in
            let grant = try await bench.locks.acquireInTime(names, scope: "E", lease: .seconds(1))
            let successor = try await bench.locks.acquire(names, scope: "E", waitAtMost: .seconds(60))
            #expect(!grant.isValid)
            #expect(successor.token > grant.token)
            #expect(await bench.locks.release(grant) == .lost(gone: 0, takenByAnother: 1))
            #expect(successor.isValid)
            #expect(await bench.locks.release(successor) == .released)
        }
    }

    @Test func `when some keys expired the rest is freed and the loss is told`() async throws {
        try await withBench { bench in
            let grant = try await bench.locks.acquire(["s:E:1", "s:E:2", "s:E:3"], scope: "E")
            try bench.redis.command(["DEL", "lock:s:{E}:1"])
            try bench.redis.command(["SET", "lock:s:{E}:2", "somebody"])
            #expect(await bench.locks.release(grant) == .lost(gone: 1, takenByAnother: 1))
            #expect(try bench.redis.command(["KEYS", "lock:*"]) == "lock:s:{E}:2")
        }
    }

    @Test func `validity is counted from before the command and leaves room for drift`() async throws {
        try await withBench { bench in
            let before = ContinuousClock.now
            let grant = try await bench.locks.acquire(names, scope: "E", lease: .seconds(10))
            #expect(grant.validUntil >= before + .milliseconds(9_900))
            #expect(grant.validUntil <= grant.acquiredAt + .milliseconds(9_900))
        }
    }

    @Test func `owners never repeat`() async throws {
        try await withBench { bench in
            var owners: Set<String> = []
            for number in 0..<50 {
                owners.insert(try await bench.locks.acquire(["s:E:\(number)"], scope: "E").owner)
            }
            #expect(owners.count == 50)
            #expect(owners.allSatisfy { $0.utf8.count == 32 })
        }
    }

    @Test func `a grant that comes after its lease is given back and refused`() async throws {
        try await withBench { bench in
            await bench.locks.release(try await bench.locks.acquire(names, scope: "E"))
            // Whether the command leaves before the server goes on is up to the scheduler: tried until it does.
            try await eventually(within: .seconds(30)) {
                bench.redis.pause()
                async let late = bench.locks.refusal(["s:E:1"], scope: "E", lease: .milliseconds(10))
                try await Task.sleep(for: .milliseconds(40))
                bench.redis.resume()
                if case .acquiredTooLate = await late { return true }
                return false
            }
            #expect(bench.locks.monitor.snapshot().totals.acquiredTooLate == 1)
            let next = try await bench.locks.acquire(names, scope: "E", waitAtMost: .seconds(60))
            #expect(await bench.locks.release(next) == .released)
        }
    }
}
