import LockKit
import TestSupport
import Testing

@Suite struct AcquireTests {
    @Test func `a lock excludes others until it is released, and can be taken right after`() async throws {
        try await withBench { bench in
            let other = bench.makeService()
            for _ in 0..<3 {
                let grant = try await bench.locks.acquire(["seat:E:A-1"], scope: "E")
                #expect(await other.refusal(["seat:E:A-1"], scope: "E")?.heldResources == ["seat:E:A-1"])
                #expect(await bench.locks.release(grant) == .released)
            }
            #expect(await other.refusal(["seat:E:A-1"], scope: "E") == nil)
        }
    }

    @Test func `names that differ are independent, case included`() async throws {
        try await withBench { bench in
            for name in ["seat:E:a", "seat:E:A", "seat:E:a ", "seat:F:a", "other:E:a", "a"] {
                #expect(await bench.locks.refusal([name], scope: "E") == nil, "\(name)")
            }
        }
    }

    @Test func `keys carry the scope as hash tag and the lease as time to live`() async throws {
        try await withBench { bench in
            _ = try await bench.locks.acquire(["seat:E1:A-1-2"], scope: "E1", lease: .seconds(20))
            let lifetime = try #require(Int(try bench.redis.command(["PTTL", "lock:seat:{E1}:A-1-2"])))
            #expect((10_000...20_000).contains(lifetime))
            #expect(try bench.redis.command(["EXISTS", "fence:{E1}"]) == "1")
            _ = try await bench.locks.acquire(["elsewhere"], scope: "E1")
            #expect(try bench.redis.command(["EXISTS", "lock:{E1}:elsewhere"]) == "1")
            _ = try await bench.locks.acquire(["E1"], scope: "E1")
            #expect(try bench.redis.command(["EXISTS", "lock:{E1}"]) == "1")
        }
    }

    @Test func `resources are sorted and duplicates count once`() async throws {
        try await withBench { bench in
            let grant = try await bench.locks.acquire(["s:E:2", "s:E:1", "s:E:2", "s:E:10"], scope: "E")
            #expect(grant.resources == ["s:E:1", "s:E:10", "s:E:2"])
            #expect(await bench.locks.release(grant) == .released)
        }
    }

    @Test func `a refusal names all that others hold and takes none of the rest`() async throws {
        try await withBench { bench in
            _ = try await bench.locks.acquire(["s:E:2"], scope: "E")
            _ = try await bench.locks.acquire(["s:E:4"], scope: "E")
            let all = (1...5).map { "s:E:\($0)" }
            let error = await bench.locks.refusal(all, scope: "E")
            #expect(error?.heldResources == ["s:E:2", "s:E:4"])
            let free = try await bench.locks.acquire(["s:E:1", "s:E:3", "s:E:5"], scope: "E")
            #expect(free.resources.count == 3)
        }
    }

    @Test(arguments: [1, 8, 64])
    func `any number of keys is one round trip`(count: Int) async throws {
        try await withBench { bench in
            let names = (0..<count).map { "seat:E:A-\($0)" }
            await bench.locks.release(try await bench.locks.acquire(names, scope: "E"))
            try bench.redis.command(["CONFIG", "RESETSTAT"])
            let grant = try await bench.locks.acquire(names.shuffled(), scope: "E")
            #expect(try bench.redis.command(["INFO", "commandstats"]).contains("cmdstat_evalsha:calls=1,"))
            #expect(grant.resources.count == count)
            #expect(await bench.locks.release(grant) == .released)
            #expect(try bench.redis.command(["KEYS", "lock:*"]).isEmpty)
        }
    }

    @Test func `sets that overlap in opposite orders exclude each other and nobody is stuck`() async throws {
        try await withBench { bench in
            let names = (0..<6).map { "s:E:\($0)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask { () async throws in
                        for _ in 0..<10 {
                            let chosen = Array(names.shuffled().prefix(2 + task % 3))
                            try await bench.locks.withLocks(chosen, scope: "E", waitAtMost: .seconds(30)) { grant in
                                #expect(grant.resources == chosen.sorted())
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try bench.redis.command(["KEYS", "lock:*"]).isEmpty)
        }
    }

    @Test func `tokens rise with every grant of a scope`() async throws {
        try await withBench { bench in
            var last: FencingToken?
            for round in 0..<20 {
                let grant = try await bench.makeService().acquire(["s:E:\(round)"], scope: "E")
                if let last { #expect(grant.token > last) }
                last = grant.token
            }
            #expect(last?.epoch == 1)
            #expect(last?.counter == 20)
            #expect(bench.epochs.epoch("E") == 1)
        }
    }

    @Test(
        arguments: [
            ([], "E"), ([""], "E"), (["a"], ""), (["a{b"], "E"), (["a}"], "E"), (["a\n"], "E"), (["a"], "{E}"),
            ([String(repeating: "x", count: 257)], "E"), ((0..<65).map { "s\($0)" }, "E"),
        ] as [([String], String)])
    func `names that break the rules are refused before Redis is asked`(names: [String], scope: String) async throws {
        try await withBench { bench in
            let error = await bench.locks.refusal(names, scope: scope)
            #expect(error?.isInvalidRequest == true)
            #expect(bench.epochs.epoch(scope) == 0)
        }
    }

    @Test(arguments: [Duration.zero, .milliseconds(-1), .milliseconds(9), .seconds(3601)])
    func `leases out of range are refused`(lease: Duration) async throws {
        try await withBench { bench in
            let error = await bench.locks.refusal(["a"], scope: "E", lease: lease)
            #expect(error?.isInvalidRequest == true)
        }
    }

    @Test(arguments: [Duration.milliseconds(-1), .seconds(61)])
    func `waits out of range are refused`(wait: Duration) async throws {
        try await withBench { bench in
            let error = await bench.locks.refusal(["a"], scope: "E", waitAtMost: wait)
            #expect(error?.isInvalidRequest == true)
        }
    }
}
