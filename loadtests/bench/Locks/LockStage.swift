import Contracts
import Foundation
import LockKit
import Logging
import NIOCore
import NIOPosix
import RedisKit
import ServiceKit
import Synchronization
import TestSupport

/// A Redis of its own and a lock service on it, as inventory has them.
struct LockStage: Sendable {
    let redis: PrivateRedis
    let locks: LockService
    /// Tasks run on the client's event loop, as a service's do.
    private let executor: EventLoopExecutor

    /// As many tasks as the targets name.
    static let tasks = 64
    private static let scope = "bench"
    private static let lease = "30000"

    /// Runs `body` on a stage of its own, which is gone afterwards.
    static func with<Value: Sendable>(_ body: (LockStage) async throws -> Value) async throws -> Value {
        let redis = try await PrivateRedis.start()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let logger = Logger(label: "bench")
        let client = RedisClient(
            try RedisConfiguration(url: redis.url), eventLoopGroup: group, logger: logger)
        let locks = LockService(redis: client, epochs: CountedEpochs(), monitor: ContentionMonitor(), logger: logger)
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await body(LockStage(redis: redis, locks: locks, executor: EventLoopExecutor(group.next()))))
        } catch {
            result = .failure(error)
        }
        await client.close()
        try await group.shutdownGracefully()
        redis.stop()
        return try result.get()
    }

    /// Tasks that each take `keys` locks of their own at once and give them back, over and over; a pair of both is an
    /// operation.
    func pairs(keys: Int, tasks: Int = LockStage.tasks) -> @Sendable (RunOptions) async throws -> Sample {
        let resources = (0..<tasks).map { task in
            (0..<keys).map { "seat:\(Self.scope):A-\(task)-\($0)" }
        }
        return { [locks, executor] options in
            try await TaskLoad.measure(tasks: tasks, on: executor, options) { task in
                let grant = try await locks.acquire(resources[task], scope: Self.scope)
                guard await locks.release(grant) == .released else { throw LockWasLost() }
            }
        }
    }

    /// `redis-benchmark` setting keys as a lock does, without deleting them: the server's own measure of itself.
    func redisBenchmark(_ options: RunOptions) async throws -> Sample {
        let command = ["SET", "lock:__rand_int__", Self.owner, "NX", "PX", Self.lease]
        return Sample([.rate: try await rate(of: command, clients: 50, pipelined: 1, options)])
    }

    /// What the server can do of the very commands that ``pairs(keys:tasks:)`` sends, as many of them under way at a
    /// time over one connection: acquisitions and releases of `keys` random names, measured one after the other. Most
    /// of the releases find their locks gone already, so the ceiling is rather too high than too low.
    func ceiling(keys: Int, tasks: Int) -> @Sendable (RunOptions) async throws -> Sample {
        { options in
            let names = (0..<keys).map { "lock:seat:{\(Self.scope)}:__rand_int__-\($0)" }
            // The counter of the scope, which every acquisition moves, must be there.
            await locks.release(try await locks.acquire(["seat:\(Self.scope):first"], scope: Self.scope))
            let run =
                try redis.command(["INFO", "server"]).split(whereSeparator: \.isNewline)
                .first { $0.hasPrefix("run_id:") }?.dropFirst("run_id:".count) ?? ""
            let acquire = try redis.command(["SCRIPT", "LOAD", LockScripts.acquire.source])
            let release = try redis.command(["SCRIPT", "LOAD", LockScripts.release.source])
            let acquisitions = try await rate(
                of: ["EVALSHA", acquire, "\(keys + 1)", "fence:{\(Self.scope)}"] + names
                    + [Self.owner, Self.lease, String(run)], clients: 1, pipelined: tasks, options)
            let releases = try await rate(
                of: ["EVALSHA", release, "\(keys)"] + names + [Self.owner], clients: 1, pipelined: tasks, options)
            return Sample([.rate: 1 / (1 / acquisitions + 1 / releases)])
        }
    }

    /// How often a second `redis-benchmark` gets a command done.
    private func rate(
        of command: [String], clients: Int, pipelined: Int, _ options: RunOptions
    ) async throws -> Double {
        let expected = pipelined > 1 ? 100_000.0 : 20_000 * Double(min(clients, 5))
        let requests = max(20_000, Int(expected * (options.duration / .seconds(1))))
        let output = try await CommandOutput.of(
            "/usr/bin/redis-benchmark",
            [
                "-p", "\(redis.port)", "-c", "\(clients)", "-P", "\(pipelined)", "-n", "\(requests)", "-r",
                "1000000000",
                "--csv",
            ] + command, within: .seconds(120))
        // "test","rps",… and under it "SET …","120481.93",…
        let last = output.split(whereSeparator: \.isNewline).last.map { $0.split(separator: "\",\"") } ?? []
        guard last.count > 1, let rate = Double(last[1].trimmingCharacters(in: ["\""])) else {
            throw CommandFailed(name: "redis-benchmark", output: output)
        }
        return rate
    }

    /// As long as the owner's mark of a lock.
    private static let owner = String(repeating: "f", count: 32)
}

/// Epochs that are forgotten with the process, as the Redis of the stage is.
private final class CountedEpochs: FencingEpochSource {
    private let epoch = Atomic<Int64>(0)

    func raiseEpoch(scope: String) -> Int64 { epoch.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// A lock that nobody else wanted was not there any more.
struct LockWasLost: Error, CustomStringConvertible {
    var description: String { "a lock was lost under load" }
}
