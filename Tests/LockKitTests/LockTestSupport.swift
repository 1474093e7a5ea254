import LockKit
import Logging
import NIOPosix
import RedisKit
import Synchronization
import TestSupport

/// Epochs that outlive Redis, as a database keeps them.
final class MemoryEpochs: FencingEpochSource {
    private let epochs = Mutex<[String: Int64]>([:])

    func raiseEpoch(scope: String) async throws -> Int64 {
        epochs.withLock { epochs in
            epochs[scope, default: 0] += 1
            return epochs[scope, default: 0]
        }
    }

    /// How often the epoch of `scope` was raised.
    func epoch(_ scope: String) -> Int64 { epochs.withLock { $0[scope, default: 0] } }

    /// Sets an epoch back, as a restored backup would.
    func set(_ scope: String, to epoch: Int64) {
        epochs.withLock { $0[scope] = epoch }
    }
}

/// Tokens in the order in which their acquisitions ended, of all tasks.
final class TokenLog: Sendable {
    private let tokens = Mutex<[FencingToken]>([])
    var all: [FencingToken] { tokens.withLock { $0 } }
    func append(_ token: FencingToken) { tokens.withLock { $0.append(token) } }
}

/// A private Redis, a lock service on it, and what stands behind both.
struct LockBench: Sendable {
    let redis: PrivateRedis
    let client: RedisClient
    let epochs: MemoryEpochs
    let locks: LockService

    /// Another service on the same server, as another process would have.
    func makeService(epochs: (any FencingEpochSource)? = nil) -> LockService {
        LockService(redis: client, epochs: epochs ?? self.epochs, monitor: ContentionMonitor(), logger: Self.logger)
    }

    /// All keys of the server, sorted.
    func keys() throws -> [String] { try redis.keys() }

    /// How often the server has executed a command since its start or `CONFIG RESETSTAT`.
    func calls(of command: String) throws -> Int {
        let line = try redis.command(["INFO", "commandstats"]).split(whereSeparator: \.isNewline)
            .first { $0.hasPrefix("cmdstat_\(command):calls=") }
        return line?.split(separator: "=").dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    }

    static var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}

/// Runs `body` with a bench of its own.
func withBench(
    _ options: PrivateRedis.Options = .init(), commandTimeout: Duration = .seconds(2),
    _ body: (LockBench) async throws -> Void
) async throws {
    let redis = try await PrivateRedis.start(options)
    var configuration = try RedisConfiguration(url: redis.url)
    configuration.commandTimeout = commandTimeout
    let client = RedisClient(
        configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: LockBench.logger)
    let epochs = MemoryEpochs()
    let locks = LockService(redis: client, epochs: epochs, monitor: ContentionMonitor(), logger: LockBench.logger)
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(LockBench(redis: redis, client: client, epochs: epochs, locks: locks)))
    } catch {
        result = .failure(error)
    }
    await locks.close()
    await client.close()
    try result.get()
}

extension PrivateRedis {
    /// All keys of the server, sorted.
    func keys() throws -> [String] {
        try command(["KEYS", "*"]).split(whereSeparator: \.isNewline).map(String.init).sorted()
    }
}

extension LockService {
    /// Acquires with a lease that is short for a busy machine: a grant that comes too late is asked for again.
    func acquireInTime(
        _ resources: [String], scope: String, lease: Duration, waitAtMost: Duration = .seconds(60)
    ) async throws -> LockGrant {
        while true {
            do throws(LockError) {
                return try await acquire(resources, scope: scope, lease: lease, waitAtMost: waitAtMost)
            } catch {
                guard case .acquiredTooLate = error else { throw error }
            }
        }
    }

    /// What an acquisition is refused with; nil when it is granted.
    func refusal(
        _ resources: [String], scope: String, lease: Duration? = nil, waitAtMost: Duration? = nil,
        isFair: Bool = false
    ) async -> LockError? {
        do throws(LockError) {
            _ = try await acquire(resources, scope: scope, lease: lease, waitAtMost: waitAtMost, isFair: isFair)
            return nil
        } catch {
            return error
        }
    }
}

extension LockError {
    /// The resources of a refusal that others hold.
    var heldResources: [String]? {
        if case .held(let resources) = self { resources } else { nil }
    }

    var isInvalidRequest: Bool {
        if case .invalidRequest = self { true } else { false }
    }

    var backendError: RedisError? {
        if case .backend(let error) = self { error } else { nil }
    }

    var loss: LockLoss? {
        if case .lost(let loss) = self { loss } else { nil }
    }

    var isFenceUnavailable: Bool {
        if case .fenceUnavailable = self { true } else { false }
    }
}
