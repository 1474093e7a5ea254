public import Logging
public import RedisKit
public import ServiceLifecycle

/// Exclusive leases on named resources in Redis: several at once, all or none, in one round trip.
///
/// Locks keep a crowd off a database row; they do not replace its constraints. A holder may be paused past its lease
/// without knowing, so whatever is written under a lock must be guarded by the grant's ``FencingToken``.
public final class LockService: Service, Sendable {
    /// Limits and times.
    public struct Configuration: Sendable {
        /// How long locks last when they are not released.
        public var lease: Duration
        /// The leases that may be asked for.
        public var leaseRange = Duration.milliseconds(10)...Duration.seconds(3600)
        /// The longest time for which locks may be held by renewing them.
        public var holdMax = Duration.seconds(24 * 3600)
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
    let store: any LockStore
    let fences: FenceKeeper
    let signals: ReleaseSignals

    /// Locks on one Redis: a server, the master of sentinels, or a cluster.
    public convenience init(
        redis: any RedisScripting, epochs: any FencingEpochSource, monitor: ContentionMonitor,
        configuration: Configuration = Configuration(), logger: Logger = Logger(label: "locks")
    ) {
        self.init(
            store: RedisLockStore(redis, logger: logger), epochs: epochs, monitor: monitor,
            configuration: configuration, logger: logger)
    }

    /// Locks on several independent masters, of which a majority must grant them; see ``RedisTopology``.
    ///
    /// Of 2n + 1 masters n may be away. One master decides alone, as with the other initializer.
    public convenience init(
        majorityOf masters: [any RedisScripting], epochs: any FencingEpochSource, monitor: ContentionMonitor,
        configuration: Configuration = Configuration(), logger: Logger = Logger(label: "locks")
    ) {
        let store: any LockStore =
            masters.count == 1
            ? RedisLockStore(masters[0], logger: logger) : MajorityLockStore(masters, logger: logger)
        self.init(store: store, epochs: epochs, monitor: monitor, configuration: configuration, logger: logger)
    }

    private init(
        store: any LockStore, epochs: any FencingEpochSource, monitor: ContentionMonitor,
        configuration: Configuration, logger: Logger
    ) {
        self.store = store
        self.monitor = monitor
        self.configuration = configuration
        fences = FenceKeeper(store: store, epochs: epochs)
        signals = ReleaseSignals(store.announcers, logger: logger)
    }

    /// Stays until graceful shutdown or cancellation, then closes; a service that is not run must be closed.
    public func run() async throws {
        // A cancelled wait is an end like any other: what follows closes the connections.
        try? await gracefulShutdown()
        await close()
    }

    /// Closes the connections on which releases are announced; the clients are closed by whoever made them.
    ///
    /// Acquisitions that wait go on without announcements.
    public func close() async {
        await signals.close()
    }

    /// Locks all of `resources` or none.
    ///
    /// - Parameters:
    ///   - resources: 1 to 64 names in any order; duplicates count once.
    ///   - scope: what they belong to, such as an event; part of the name where it occurs between colons. Fencing
    ///     tokens rise within it.
    ///   - lease: how long the locks last at most.
    ///   - waitAtMost: nil gives up at the first refusal; else it is tried again that long, whenever a release is
    ///     announced, a lease ends, or a pause is over. Nothing is held meanwhile.
    ///   - isFair: the one who came first is served first, among those who ask for it. One who died is passed over
    ///     after a few seconds. Not on several masters.
    public func acquire(
        _ resources: [String], scope: String, lease: Duration? = nil, waitAtMost: Duration? = nil,
        isFair: Bool = false
    ) async throws(LockError) -> LockGrant {
        let request = try LockRequest(resources, scope: scope, limits: configuration)
        let lease = try checked(lease)
        guard !isFair || store.canQueue else { throw .invalidRequest("several masters have no common queue") }
        guard (.zero...configuration.waitMax).contains(waitAtMost ?? .zero) else {
            throw .invalidRequest("the wait is out of range")
        }
        let began = ContinuousClock.now
        let terms = LockAttempt.Terms(lease: lease, deadline: waitAtMost.map { began + $0 }, isFair: isFair)
        var attempt = LockAttempt(service: self, request: request, terms: terms)
        do throws(LockError) {
            let grant = try await attempt.run()
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
        let remaining = ContinuousClock.now.duration(to: grant.validUntil) * 1.02
        let outcome = await store.release(grant.keys, owner: grant.owner, remaining: remaining)
        monitor.released(grant, outcome)
        return outcome
    }

    /// Gives the locks back for a caller that does not wait for Redis.
    ///
    /// On one server the release is on its way when this returns, ahead of whatever this service is asked for next in
    /// the same scope, so that nobody who hears of the caller's success afterwards finds the locks in the way here. What
    /// the release finds goes to the monitor; one without an answer is carried on in the background.
    public func releaseLater(_ grant: LockGrant) {
        let remaining = ContinuousClock.now.duration(to: grant.validUntil) * 1.02
        store.releaseLater(grant.keys, owner: grant.owner, remaining: remaining) { outcome in
            self.monitor.released(grant, outcome)
        }
    }

    /// Runs `body` while the locks are held, and releases them however it ends, cancellation included.
    ///
    /// - Parameter awaitingRelease: whether to return only when Redis has freed the locks; see ``releaseLater(_:)``.
    public func withLocks<Result>(
        _ resources: [String], scope: String, lease: Duration? = nil, waitAtMost: Duration? = nil,
        isFair: Bool = false, awaitingRelease: Bool = true, isolation: isolated (any Actor)? = #isolation,
        _ body: (LockGrant) async throws -> Result
    ) async throws -> Result {
        let grant = try await acquire(
            resources, scope: scope, lease: lease, waitAtMost: waitAtMost, isFair: isFair)
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

    func checked(_ lease: Duration?) throws(LockError) -> Duration {
        let lease = lease ?? configuration.lease
        guard configuration.leaseRange.contains(lease) else { throw .invalidRequest("the lease is out of range") }
        return lease
    }
}
