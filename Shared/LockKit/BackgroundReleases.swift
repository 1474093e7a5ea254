import Logging
import RedisKit
import Synchronization

/// Releases whose outcome could not be learnt, carried on without anyone waiting.
///
/// Bounded in number, in attempts and in time: past the lease there is nothing left to release.
final class BackgroundReleases: Sendable {
    private static let runningMax = 1024
    /// Pauses before the attempts. The later ones matter when the lost command is executed late, by a server that
    /// had stopped for a while: its locks appear after the first attempts found none.
    private static let pauses: [Duration] = [
        .zero, .milliseconds(100), .milliseconds(500), .seconds(2), .seconds(8), .seconds(20),
    ]

    private let redis: RedisClient
    private let logger: Logger
    private let running = Atomic<Int>(0)

    init(redis: RedisClient, logger: Logger) {
        self.redis = redis
        self.logger = logger
    }

    /// How many go on at this moment.
    var count: Int { running.load(ordering: .relaxed) }

    /// Deletes `keys` of `owner`. With `mayAppear`, finding none does not end it, for they may yet be set.
    func start(keys: [String], owner: String, lease: Duration, mayAppear: Bool) {
        guard running.wrappingAdd(1, ordering: .relaxed).newValue <= Self.runningMax else {
            running.wrappingSubtract(1, ordering: .relaxed)
            logger.warning("too many background releases; the lease will end the locks")
            return
        }
        Task {
            await release(keys: keys, owner: owner, until: .now + lease, mayAppear: mayAppear)
            running.wrappingSubtract(1, ordering: .relaxed)
        }
    }

    private func release(
        keys: [String], owner: String, until end: ContinuousClock.Instant, mayAppear: Bool
    ) async {
        for pause in Self.pauses {
            guard ContinuousClock.now + pause < end else { return }
            // Nobody cancels this task; a pause cut short would only bring the next attempt sooner.
            try? await Task.sleep(for: pause)
            // A failed attempt is followed by the next one.
            guard let outcome = try? await redis.release(keys: keys, owner: owner) else { continue }
            if case .lost(let gone, _) = outcome, gone > 0, mayAppear { continue }
            return
        }
    }
}

extension RedisClient {
    /// Deletes the locks among `keys` that are `owner`'s.
    func release(keys: [String], owner: String) async throws(RedisError) -> ReleaseOutcome {
        try Self.outcome(of: try await evaluate(LockScripts.release, keys: keys, arguments: [owner]))
    }

    /// Sends the same for a caller that does not wait; see ``RedisClient/evaluateLater(_:keys:arguments:completion:)``.
    func releaseLater(
        keys: [String], owner: String, completion: @escaping @Sendable (Result<ReleaseOutcome, RedisError>) -> Void
    ) {
        evaluateLater(LockScripts.release, keys: keys, arguments: [owner]) { reply in
            completion(reply.flatMap { value in Result { () throws(RedisError) in try Self.outcome(of: value) } })
        }
    }

    private static func outcome(of reply: RedisValue) throws(RedisError) -> ReleaseOutcome {
        guard let number = reply.integer else {
            throw RedisError(.protocolViolation, "an unexpected reply to a release", outcomeUnknown: true)
        }
        let (gone, taken) = (Int(number >> 7 & 127), Int(number >> 14))
        return gone + taken == 0 ? .released : .lost(gone: gone, takenByAnother: taken)
    }
}
