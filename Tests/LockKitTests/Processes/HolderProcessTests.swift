import LockKit
import TestSupport
import Testing

@Suite struct HolderProcessTests {
    @Test func `a lock that a dead process was renewing ends with its lease`() async throws {
        let store = try await PrivateRedis.start()
        let directory = try TemporaryDirectory("workers")
        try await withBench { bench async throws in
            let worker = try await LockWorker.launch(["hold"], locks: bench.redis, store: store, in: directory)
            try await worker.waitFor("holding")
            // Longer than a lease: it is being renewed.
            let refusal = await bench.locks.refusal(["held"], scope: "W", waitAtMost: .milliseconds(1500))
            #expect(refusal?.heldResources == ["held"])
            worker.process.kill()
            let grant = try await bench.locks.acquire(["held"], scope: "W", waitAtMost: .seconds(30))
            #expect(await bench.locks.release(grant) == .released)
            #expect(try bench.keys() == ["fence:{W}"])
        }
    }

    @Test func `a holder that was stopped past its lease cannot write when it goes on`() async throws {
        let store = try await PrivateRedis.start()
        let directory = try TemporaryDirectory("workers")
        try await withBench { bench async throws in
            let stopped = try await LockWorker.launch(["write"], locks: bench.redis, store: store, in: directory)
            try await stopped.waitFor("holding")
            stopped.process.pause()
            // The successor gets the lock at the end of the lease and works with it.
            try await eventually { try bench.redis.command(["EXISTS", "lock:{W}:held"]) == "0" }
            let successor = try await LockWorker.launch(["write"], locks: bench.redis, store: store, in: directory)
            try await successor.waitFor("holding")
            try store.command(["SET", "go", "1"])
            try await successor.waitFor("accepted")
            stopped.process.resume()
            try await stopped.waitFor("refused")
            #expect(try store.command(["HGET", "counter:held", "value"]) == "1")
        }
    }
}
