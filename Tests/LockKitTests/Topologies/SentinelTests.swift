import LockKit
import RedisKit
import TestSupport
import Testing

@Suite(.serialized) struct SentinelTests {
    @Test func `locks follow the master through its death, and tokens still rise`() async throws {
        let setup = try await SentinelSetup.start()
        try await TopologyBench.with(setup.url) { bench in
            let before = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            #expect(await bench.locks.refusal(["a"], scope: "E")?.heldResources == ["a"])
            setup.servers[0].kill()
            let error = await bench.locks.refusal(["b"], scope: "E")
            #expect(error?.backendError != nil)
            let after = try await bench.acquireEventually(["b"])
            #expect(after.token > before.token)
            #expect(after.token.epoch > before.token.epoch)
            #expect(try setup.masterPort() == setup.servers[1].port)
            #expect(await bench.locks.release(after) == .released)
            // Whoever held a lock at the old master can be followed by anybody, not only by themselves.
            #expect(await bench.locks.release(before) != .unknown)
            let next = try await bench.locks.acquire(["a"], scope: "E")
            #expect(next.token > after.token)
        }
    }

    @Test func `a master that hangs is left for the one that the sentinels choose`() async throws {
        let setup = try await SentinelSetup.start()
        try await TopologyBench.with(setup.url, commandTimeout: .milliseconds(300)) { bench in
            let before = try await bench.locks.acquire(["a"], scope: "E")
            setup.servers[0].pause()
            let after = try await bench.acquireEventually(["b"])
            #expect(after.token > before.token)
            setup.servers[0].resume()
            // Back as a replica: what it refuses to write is sent to the new master.
            for round in 0..<20 {
                let grant = try await bench.locks.acquire(["c\(round)"], scope: "E")
                #expect(grant.token > after.token)
            }
        }
    }

    @Test func `a handover while everything works is followed by the next command`() async throws {
        let setup = try await SentinelSetup.start()
        try await TopologyBench.with(setup.url) { bench in
            let before = try await bench.locks.acquire(["a"], scope: "E")
            try setup.ask(setup.ports[0], ["SENTINEL", "failover", SentinelSetup.name])
            try await eventually(within: .seconds(30), "the handover") {
                try setup.masterPort() == setup.servers[1].port
                    && setup.servers[0].command(["ROLE"]).contains("slave")
            }
            let after = try await bench.acquireEventually(["b"])
            #expect(after.token > before.token)
        }
    }

    @Test func `waiting goes on across a failover`() async throws {
        let setup = try await SentinelSetup.start()
        try await TopologyBench.with(setup.url) { bench in
            let grant = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            try await eventually { try setup.servers[1].keys().contains("lock:{E}:a") }
            setup.servers[0].kill()
            try await eventually(within: .seconds(30), "the new master") {
                try setup.masterPort() == setup.servers[1].port
            }
            _ = try await bench.acquireEventually(["b"])
            let waiter = Task { try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60)) }
            try await eventually { try setup.servers[1].command(["PUBSUB", "NUMSUB", "wake:{E}"]).hasSuffix("1") }
            await bench.locks.release(grant)
            #expect(try await waiter.value.token > grant.token)
        }
    }

    @Test func `sentinels that are away or know no such master are named as the reason`() async throws {
        let setup = try await SentinelSetup.start()
        try await TopologyBench.with(setup.url.replacing("/locks", with: "/other")) { bench in
            let error = await bench.locks.refusal(["a"], scope: "E")?.backendError
            #expect(error?.code == .notConnected)
            #expect(error?.message.contains("other") == true)
        }
        let nobody = try FreePort.find()
        try await TopologyBench.with("redis-sentinel://127.0.0.1:\(nobody)/locks") { bench in
            #expect(await bench.locks.refusal(["a"], scope: "E")?.backendError?.code == .notConnected)
        }
    }
}
