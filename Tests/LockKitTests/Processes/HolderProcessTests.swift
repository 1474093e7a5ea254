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
            let refusal = await bench.locks.refusal(["held"], scope: "W", waitAtMost: .seconds(5))
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
            try await eventually(within: .seconds(30)) {
                try bench.redis.command(["EXISTS", "lock:{W}:held"]) == "0"
            }
            let successor = try await LockWorker.launch(["write"], locks: bench.redis, store: store, in: directory)
            try await successor.waitFor("holding")
            try store.command(["SET", "go", "1"])
            try await successor.waitFor("accepted")
            stopped.process.resume()
            try await stopped.waitFor("refused")
            #expect(try store.command(["HGET", "counter:held", "value"]) == "1")
        }
    }

    @Test func `a million seats leave the monitor's memory flat, its sums exact and the hot one found`() async throws {
        let directory = try TemporaryDirectory("workers")
        let worker = try await LockWorker.launch(["monitor"], in: directory)
        #expect(try await worker.process.wait(within: .seconds(240)) == .exited(0))
        let pairs = worker.output.split(whereSeparator: \.isWhitespace).map { $0.split(separator: "=") }
        let said = Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) })
        #expect(said["total"] == "1200000")
        #expect(said["listed"] == "1200000")
        #expect(said["tracked"] == "1024")
        #expect(said["hottest"] == "seat:E:hot")
        let (early, late) = (
            try #require(said["early"].flatMap { Int($0) }), try #require(said["late"].flatMap { Int($0) })
        )
        // The last windows fill and what was freed is used again: a little, and nothing for each of 800,000 seats.
        #expect(late < early + 16_384, "\(worker.output)")
    }
}
