import RedisKit
import TestSupport
import Testing

@testable import LockKit

@Suite(.serialized) struct ClusterTests {
    @Test func `scopes are spread over the servers, and each one's locks are in one place`() async throws {
        let setup = try await ClusterSetup.start()
        try await TopologyBench.with(setup.url) { bench in
            for number in 0..<20 {
                let names = (0..<8).map { "seat:E\(number):\($0)" }
                let grant = try await bench.locks.acquire(names, scope: "E\(number)")
                let owner = setup.masters[setup.owner(ofSlot: try setup.slot(of: "lock:seat:{E\(number)}:0"))]
                #expect(try owner.command(["-c", "EXISTS", "lock:seat:{E\(number)}:7"]) == "1")
                #expect(await bench.locks.refusal([names[3]], scope: "E\(number)")?.heldResources == [names[3]])
                #expect(await bench.locks.release(grant) == .released)
            }
            for master in setup.masters {
                #expect(try master.keys().contains { $0.hasPrefix("fence:") })
                #expect(try !master.keys().contains { $0.hasPrefix("lock:") })
            }
        }
    }

    @Test func `a slot that has moved is followed, and tokens still rise`() async throws {
        let setup = try await ClusterSetup.start()
        try await TopologyBench.with(setup.url) { bench in
            let before = try await bench.locks.acquire(["a"], scope: "E")
            #expect(await bench.locks.release(before) == .released)
            let slot = try setup.slot(of: "fence:{E}")
            let source = setup.owner(ofSlot: slot)
            // A server may only give away what is empty.
            try setup.masters[source].command(["FLUSHALL"])
            try setup.move(slot: slot, to: (source + 1) % 3)
            let after = try await bench.locks.acquire(["a"], scope: "E")
            #expect(after.token > before.token)
            #expect(try setup.masters[(source + 1) % 3].keys().contains("lock:{E}:a"))
        }
    }

    @Test func `while a slot is moving, each key is asked for where it is`() async throws {
        let setup = try await ClusterSetup.start()
        try await TopologyBench.with(setup.url, commandTimeout: .seconds(5)) { bench in
            let before = try await bench.locks.acquire(["a", "b"], scope: "E")
            let slot = try setup.slot(of: "fence:{E}")
            let (source, target) = (setup.owner(ofSlot: slot), (setup.owner(ofSlot: slot) + 1) % 3)
            try setup.masters[target].command(["CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", setup.identifiers[source]])
            try setup.masters[source].command(["CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", setup.identifiers[target]])
            try setup.masters[source].command(
                ["MIGRATE", "127.0.0.1", "\(setup.masters[target].port)", "", "0", "5000", "KEYS"]
                    + ["fence:{E}", "lock:{E}:a", "lock:{E}:b"])
            // All keys are at the target, the slot is still the source's: ASK.
            #expect(await bench.locks.refusal(["a"], scope: "E")?.heldResources == ["a"])
            #expect(await bench.locks.release(before) == .released)
            // A new key belongs to neither yet, so this one waits for the end of the move.
            let acquiring = Task { try await bench.locks.acquire(["a"], scope: "E") }
            try await eventually { try setup.masters[target].command(["INFO", "errorstats"]).contains("TRYAGAIN") }
            try setup.move(slot: slot, to: target)
            let during = try await acquiring.value
            #expect(during.token > before.token)
            #expect(await bench.locks.release(during) == .released)
        }
    }

    @Test func `when a master dies its replica takes over, and the others go on meanwhile`() async throws {
        let setup = try await ClusterSetup.start()
        try await TopologyBench.with(setup.url) { bench in
            // Scopes of the first and of the second master.
            let scopes = try (0..<2).map { master in
                try #require(
                    try (0..<100).map { "S\($0)" }.first {
                        try setup.owner(ofSlot: setup.slot(of: "fence:{\($0)}")) == master
                    })
            }
            let before = try await bench.locks.acquire(["a"], scope: scopes[0])
            setup.masters[0].kill()
            _ = try await bench.locks.acquire(["a"], scope: scopes[1])
            let error = await bench.locks.refusal(["b"], scope: scopes[0])
            #expect(error == nil || error?.backendError != nil)
            var after: LockGrant?
            try await eventually(within: .seconds(60), "the replica takes over") {
                after = try? await bench.locks.acquire(["c"], scope: scopes[0])
                return after != nil
            }
            #expect(try #require(after).token > before.token)
            #expect(try setup.replica.keys().contains("lock:{\(scopes[0])}:c"))
        }
    }

    @Test func `a release wakes who waits, on whichever server they listen`() async throws {
        let setup = try await ClusterSetup.start()
        try await TopologyBench.with(setup.url) { bench in
            for number in 0..<6 {
                let scope = "W\(number)"
                let grant = try await bench.locks.acquire(["a"], scope: scope, lease: .seconds(600))
                let waiter = Task { try await bench.locks.acquire(["a"], scope: scope, waitAtMost: .seconds(60)) }
                try await eventually { bench.locks.signals.isHeard("wake:{\(scope)}") }
                await bench.locks.release(grant)
                #expect(await bench.locks.release(try await waiter.value) == .released)
            }
        }
    }
}
