import LockKit
import Synchronization
import TestSupport
import Testing

@Suite struct FairWaitingTests {
    private let queue = "queue:lock:{E}:a"

    private func waiting(_ bench: LockBench) throws -> Int {
        try #require(Int(try bench.redis.command(["ZCARD", queue])))
    }

    @Test func `who came first is served first, whichever process they are in`() async throws {
        final class Order: Sendable {
            let served = Mutex<[Int]>([])
        }
        try await withBench { bench async throws in
            let order = Order()
            let services = (0..<3).map { _ in bench.makeService() }
            let grant = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask { () async throws in
                        try await services[number % 3].withLocks(
                            ["a"], scope: "E", waitAtMost: .seconds(60), isFair: true
                        ) { _ in order.served.withLock { $0.append(number) } }
                    }
                    try await eventually { try waiting(bench) == number + 1 }
                }
                await bench.locks.release(grant)
                try await group.waitForAll()
            }
            #expect(order.served.withLock { $0 } == Array(0..<12))
            #expect(try bench.keys() == ["fence:{E}"])
            for service in services { await service.close() }
        }
    }

    @Test func `one who died in the queue is passed over`() async throws {
        try await withBench { bench async throws in
            await bench.locks.release(try await bench.locks.acquire(["a"], scope: "E"))
            // In front, without a sign of life.
            try bench.redis.command(["ZADD", queue, "-1", "dead"])
            let next = try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60), isFair: true)
            #expect(await bench.locks.release(next) == .released)
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }

    @Test func `a waiter that is alive comes before one who asks later, also when the lock is free`() async throws {
        try await withBench { bench async throws in
            await bench.locks.release(try await bench.locks.acquire(["a"], scope: "E"))
            try bench.redis.command(["ZADD", queue, "1", "alive"])
            try bench.redis.command(["SET", "waiter:{E}:alive", "", "PX", "8000"])
            let refusal = await bench.locks.refusal(["a"], scope: "E", isFair: true)
            #expect(refusal?.heldResources == ["a"])
            #expect(try waiting(bench) == 1)
            // It shows no further sign of life, so its turn ends.
            let next = try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60), isFair: true)
            #expect(next.isValid)
        }
    }

    @Test func `one whose time is over leaves the queue, and the next is served`() async throws {
        try await withBench { bench async throws in
            let grant = try await bench.locks.acquire(["a"], scope: "E", lease: .seconds(600))
            let refusal = await bench.locks.refusal(
                ["a"], scope: "E", waitAtMost: .milliseconds(100), isFair: true)
            #expect(refusal?.heldResources == ["a"])
            #expect(try waiting(bench) == 0)
            let next = Task {
                try await bench.locks.acquire(["a"], scope: "E", waitAtMost: .seconds(60), isFair: true)
            }
            try await eventually { try waiting(bench) == 1 }
            await bench.locks.release(grant)
            #expect(try await next.value.token > grant.token)
        }
    }

    @Test func `overlapping sets queue fairly without blocking each other for good`() async throws {
        try await withBench { bench async throws in
            let names = (0..<4).map { "s:E:\($0)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<12 {
                    group.addTask { () async throws in
                        for _ in 0..<5 {
                            let chosen = Array(names.shuffled().prefix(1 + task % 3))
                            try await bench.locks.withLocks(
                                chosen, scope: "E", waitAtMost: .seconds(60), isFair: true
                            ) { _ in await Task.yield() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try bench.keys() == ["fence:{E}"])
        }
    }
}
