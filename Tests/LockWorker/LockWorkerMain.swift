import Foundation
import LockKit
import Logging
import NIOPosix
import RedisKit

/// A process that the lock tests start several of, kill and stop.
///
/// - `lockworker increment LOCKS STORE PROCESS TASKS SEED` has its tasks add to counters under locks until the store
///   says `stop`, and prints what the store accepted; `increment-unguarded` does so without showing tokens.
/// - `lockworker hold LOCKS STORE` takes the lock `held`, renews it, prints `holding` and never lets go.
/// - `lockworker write LOCKS STORE` takes it once, prints `holding`, writes a counter when the store says `go`, and
///   prints what came of it.
/// - `lockworker monitor` counts a million seats.
@main struct LockWorkerMain {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.dropFirst().first == "monitor" { return MillionSeats.run() }
        guard arguments.count >= 4 else {
            print("usage: lockworker increment|hold|write LOCKS STORE …")
            exit(64)
        }
        var logger = Logger(label: "lockworker")
        logger.logLevel = .critical
        let group = MultiThreadedEventLoopGroup.singleton
        var configuration = try RedisConfiguration(url: arguments[2])
        configuration.commandTimeout = .milliseconds(300)
        let client = RedisClient(configuration, eventLoopGroup: group, logger: logger)
        var storeConfiguration = try RedisConfiguration(url: arguments[3])
        storeConfiguration.commandTimeout = .seconds(30)
        let store = CounterStore(
            redis: RedisClient(storeConfiguration, eventLoopGroup: group, logger: logger))
        let locks = LockService(redis: client, epochs: store, monitor: ContentionMonitor(), logger: logger)
        switch arguments[1] {
        case "increment", "increment-unguarded":
            try await Increments(
                locks: locks, store: store, process: Int(arguments[4]) ?? 0, tasks: Int(arguments[5]) ?? 1,
                seed: UInt64(arguments[6]) ?? 0, isGuarded: arguments[1] == "increment"
            ).run()
        case "hold": try await hold(locks)
        default: try await write(locks, store)
        }
        await locks.close()
        await client.close()
        await store.redis.close()
    }

    private static func hold(_ locks: LockService) async throws {
        try await locks.withLocks(["held"], scope: "W", lease: .seconds(3), holdAtMost: .seconds(600)) { _ in
            say("holding")
            try await Task.sleep(for: .seconds(600))
        }
    }

    private static func write(_ locks: LockService, _ store: CounterStore) async throws {
        let grant = try await locks.acquire(["held"], scope: "W", lease: .seconds(3))
        guard try await store.read("held", grant.token) != nil else { return say("refused") }
        say("holding")
        while try await store.get("go") == nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        // As a holder that was stopped would do it: without looking at its clock.
        say(try await store.write("held", 1, grant.token) ? "accepted" : "refused")
    }

    /// Prints a line at once, whatever the output is connected to.
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }
}
