public import Logging
public import RedisKit

/// Exclusive leases on named resources in Redis: several at once, all or none, in one round trip.
///
/// Locks keep a crowd off a database row; they do not replace its constraints. A holder may be paused past its lease
/// without knowing, so whatever is written under a lock must be guarded by the grant's ``FencingToken``.
public final class LockService: Sendable {
    /// Limits and times.
    public struct Configuration: Sendable {
        /// How long locks last when they are not released.
        public var lease: Duration
        /// The leases that may be asked for.
        public var leaseRange = Duration.milliseconds(10)...Duration.seconds(3600)
        /// The longest wait that may be asked for.
        public var waitMax = Duration.seconds(60)
        /// Resources of one acquisition; at most 127.
        public var resourcesMax = 64
        /// Bytes of a resource's or a scope's name.
        public var nameBytesMax = 256

        public init(lease: Duration = .seconds(30)) {
            self.lease = lease
        }
    }

    public let configuration: Configuration
    public let monitor: ContentionMonitor
    let redis: RedisClient
    let fences: FenceKeeper
    let backgroundReleases: BackgroundReleases

    public init(
        redis: RedisClient, epochs: any FencingEpochSource, monitor: ContentionMonitor,
        configuration: Configuration = Configuration(), logger: Logger = Logger(label: "locks")
    ) {
        self.redis = redis
        self.monitor = monitor
        self.configuration = configuration
        fences = FenceKeeper(redis: redis, epochs: epochs)
        backgroundReleases = BackgroundReleases(redis: redis, logger: logger)
    }

    /// Locks all of `resources` or none.
    ///
    /// - Parameters:
    ///   - resources: 1 to 64 names in any order; duplicates count once.
    ///   - scope: what they belong to, such as an event; part of the name where it occurs between colons. Fencing
    ///     tokens rise within it.
    ///   - lease: how long the locks last at most.
    ///   - waitAtMost: nil gives up at the first refusal; else it is tried again, with growing pauses, that long.
    ///     Nothing is held meanwhile.
    public func acquire(
        _ resources: [String], scope: String, lease: Duration? = nil, waitAtMost: Duration? = nil
    ) async throws(LockError) -> LockGrant {
        let request = try LockRequest(resources, scope: scope, limits: configuration)
        let lease = lease ?? configuration.lease
        guard configuration.leaseRange.contains(lease) else { throw .invalidRequest("the lease is out of range") }
        guard (.zero...configuration.waitMax).contains(waitAtMost ?? .zero) else {
            throw .invalidRequest("the wait is out of range")
        }
        let began = ContinuousClock.now
        var attempt = LockAttempt(service: self, request: request, lease: lease)
        do throws(LockError) {
            let grant = try await attempt.run(until: waitAtMost.map { began + $0 })
            monitor.acquired(grant, wait: grant.acquiredAt - began, retries: attempt.retries)
            return grant
        } catch {
            monitor.failed(request.resources, scope: scope, error, wait: .now - began, retries: attempt.retries)
            throw error
        }
    }

    /// Gives the locks back; never another's, also when they were lost meanwhile. A second call finds them gone.
    @discardableResult
    public func release(_ grant: LockGrant) async -> ReleaseOutcome {
        let outcome: ReleaseOutcome
        do throws(RedisError) {
            outcome = try await redis.release(keys: grant.keys, owner: grant.owner)
        } catch {
            outcome = releaseInBackground(grant)
        }
        monitor.released(grant, outcome)
        return outcome
    }

    /// Gives the locks back for a caller that does not wait for Redis.
    ///
    /// The release is on its way when this returns, ahead of whatever this service is asked for next in the same
    /// scope, so that nobody who hears of the caller's success afterwards finds the locks in the way here. What the
    /// release finds goes to the monitor; one without an answer is carried on in the background.
    public func releaseLater(_ grant: LockGrant) {
        redis.releaseLater(keys: grant.keys, owner: grant.owner) { result in
            let outcome = (try? result.get()) ?? self.releaseInBackground(grant)
            self.monitor.released(grant, outcome)
        }
    }

    private func releaseInBackground(_ grant: LockGrant) -> ReleaseOutcome {
        let lease = ContinuousClock.now.duration(to: grant.validUntil) * 1.02
        backgroundReleases.start(keys: grant.keys, owner: grant.owner, lease: lease, mayAppear: false)
        return .unknown
    }

    /// Runs `body` while the locks are held, and releases them however it ends, cancellation included.
    ///
    /// - Parameter awaitingRelease: whether to return only when Redis has freed the locks; see ``releaseLater(_:)``.
    public func withLocks<Result>(
        _ resources: [String], scope: String, lease: Duration? = nil, waitAtMost: Duration? = nil,
        awaitingRelease: Bool = true,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (LockGrant) async throws -> Result
    ) async throws -> Result {
        let grant = try await acquire(resources, scope: scope, lease: lease, waitAtMost: waitAtMost)
        do {
            let result = try await body(grant)
            await release(grant, awaited: awaitingRelease)
            return result
        } catch {
            await release(grant, awaited: awaitingRelease)
            throw error
        }
    }

    private func release(_ grant: LockGrant, awaited: Bool) async {
        if awaited {
            await release(grant)
        } else {
            releaseLater(grant)
        }
    }

    /// Starts a new epoch of `scope`, so that tokens from now on exceed all that the database has ever raised.
    ///
    /// For a store that refuses the token of a valid grant because it has seen a greater one.
    public func renewFence(scope: String) async throws(LockError) {
        _ = try LockRequest([scope], scope: scope, limits: configuration)
        try await fences.install(scope: scope)
    }
}
