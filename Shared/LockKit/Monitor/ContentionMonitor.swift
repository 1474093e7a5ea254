import Synchronization

/// Counts what happens to locks: who waits, how long, for what, and how it ends; by resource, by scope, altogether.
///
/// Memory is bounded however many resources there are: the ones waited for longest keep figures of their own, the
/// others share one. Figures are kept in total and over windows of a minute, five minutes and an hour, which move in
/// steps of a twelfth or less. Recording costs well under a microsecond.
public final class ContentionMonitor: Sendable {
    /// Bounds and context.
    public struct Configuration: Sendable {
        /// Resources with figures of their own since the last reset.
        public var resourcesMax = 1024
        /// Resources with figures of their own in each slice of a window.
        public var windowResourcesMax = 256
        /// Scopes and groups with figures of their own.
        public var groupsMax = 256
        /// Grants remembered until they are given back.
        public var holdersMax = 10_000
        /// Holders in a snapshot.
        public var holdersListedMax = 100
        /// The lease that holds are compared with for advice.
        public var lease = Duration.seconds(30)
        /// The group between a resource and its scope, such as a seat's section; nil when it has none.
        public var group: (@Sendable (_ resource: String) -> String?)?

        public init() {}
    }

    private let configuration: Configuration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<MonitorState>

    /// `now` lets tests move time.
    public init(
        configuration: Configuration = Configuration(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.configuration = configuration
        self.now = now
        state = Mutex(MonitorState(configuration, start: now()))
    }

    // MARK: Recording

    /// Locks were won after `wait`, at the first try or after `retries` more.
    package func acquired(_ grant: LockGrant, wait: Duration, retries: Int) {
        let nanoseconds = UInt64(max(0, wait.nanoseconds))
        record(grant.resources, grant.scope, weight: nanoseconds + 1) { tally in
            tally.successes += 1
            tally.wait.record(nanoseconds: nanoseconds)
            if retries > 0 {
                tally.wonAfterRetry += 1
                tally.retries += UInt64(retries)
            }
        }
        state.withLock { $0.holders.add(grant) }
    }

    /// Locks were not won. A refusal counts for the resources that others held; nothing is known about the rest.
    func failed(_ resources: [String], scope: String, _ error: LockError, wait: Duration, retries: Int) {
        let nanoseconds = UInt64(max(0, wait.nanoseconds))
        switch error {
        case .held(let held):
            record(held, scope, weight: nanoseconds + 1) { tally in
                tally.failures += 1
                tally.retries += UInt64(retries)
                tally.wait.record(nanoseconds: nanoseconds)
            }
        case .backend, .fenceUnavailable:
            record(resources, scope, weight: 0) { $0.backendErrors += 1 }
        case .acquiredTooLate:
            record(resources, scope, weight: 0) { $0.tooLate += 1 }
        case .cancelled:
            record(resources, scope, weight: 0) { $0.cancelled += 1 }
        case .invalidRequest, .lost:
            break
        }
    }

    /// Locks were renewed by their holder.
    func extended(_ grant: LockGrant) {
        record(grant.resources, grant.scope, weight: 0) { $0.extended += 1 }
    }

    /// A holder gave its locks back, or found them lost. Whoever gives back twice is counted once.
    package func released(_ grant: LockGrant, _ outcome: ReleaseOutcome) {
        let isFirst = state.withLock { $0.holders.remove(grant) }
        let nanoseconds = UInt64(max(0, (now() - grant.acquiredAt).nanoseconds))
        switch outcome {
        case .released:
            record(grant.resources, grant.scope, weight: 0) { $0.hold.record(nanoseconds: nanoseconds) }
        case .lost where isFirst:
            record(grant.resources, grant.scope, weight: 0) { tally in
                tally.lost += 1
                tally.hold.record(nanoseconds: nanoseconds)
            }
        case .unknown where isFirst:
            record(grant.resources, grant.scope, weight: 0) { $0.backendErrors += 1 }
        case .lost, .unknown:
            break
        }
    }

    /// A store refused a write because it had seen a greater token: the holder had lost its lock without knowing.
    public func fenceRefused(_ resources: [String], scope: String) {
        record(resources, scope, weight: 0) { $0.fenceRefused += 1 }
    }

    private func record(_ resources: [String], _ scope: String, weight: UInt64, _ change: (inout Tally) -> Void) {
        let moment = now()
        let scopeKey = MonitorKey(scope)
        state.withLock { state in
            state.advance(to: moment)
            for resource in resources {
                let key = MonitorKey(resource)
                let group = configuration.group?(resource).map(MonitorKey.init)
                state.record(key, group, scopeKey, weight: weight, change)
            }
        }
    }

    // MARK: Reading

    /// The figures of `window`, with the `top` resources that were waited for longest.
    public func snapshot(window: ContentionWindow = .total, top: Int = 100) -> ContentionSnapshot {
        let moment = now()
        let (slices, holders, observed) = state.withLock { state in
            state.advance(to: moment)
            state.holders.removeAbandoned(now: moment)
            return (state.slices(window, at: moment), state.holders, moment - state.start)
        }
        // Added up outside the lock: recording goes on meanwhile.
        let sum = merged(slices)
        let hottest = Self.hottest(of: sum, top: max(0, top))
        let totals = LockStatistics(sum.totals)
        let listed = holders.oldest(configuration.holdersListedMax, now: moment)
        let groups = sum.groups.entries.map { ($0.key.text, LockStatistics($0.tally)) }
        return ContentionSnapshot(
            window: window,
            observed: window.length.map { min($0, observed) } ?? observed,
            totals: totals,
            hottest: hottest,
            groups: Dictionary(groups, uniquingKeysWith: { first, _ in first }),
            other: LockStatistics(sum.resources.other),
            trackedResources: sum.resources.entries.count,
            holders: listed,
            holdersOmitted: holders.omitted + holders.count - listed.count,
            advice: ContentionAdvice.given(totals: totals, hottest: hottest, lease: configuration.lease))
    }

    /// The figures of one resource since the last reset; zeros when it was never seen or is among the others.
    public func statistics(for resource: String, window: ContentionWindow = .total) -> LockStatistics {
        let key = MonitorKey(resource)
        let moment = now()
        let slices = state.withLock { state in
            state.advance(to: moment)
            return state.slices(window, at: moment)
        }
        var tally = Tally(precision: Tally.keyPrecision)
        for slice in slices {
            if let found = slice.resources.entry(of: key) {
                tally.merge(found.entry.tally)
            }
        }
        return LockStatistics(tally)
    }

    /// Forgets all figures; who holds what stays known.
    public func reset() {
        let moment = now()
        state.withLock { state in
            let holders = state.holders
            state = MonitorState(configuration, start: moment)
            state.holders = holders
        }
    }

    private func merged(_ slices: [ContentionSlice]) -> ContentionSlice {
        guard var sum = slices.first else {
            return ContentionSlice(resourcesMax: 1, groupsMax: 1)
        }
        for slice in slices.dropFirst() {
            sum.merge(slice)
        }
        return sum
    }

    private static func hottest(of slice: ContentionSlice, top: Int) -> [ContentionSnapshot.Resource] {
        let table = slice.resources
        let totalWait = Double(slice.totals.wait.sumNanoseconds)
        return table.entries.indices.sorted { table.weights[$0] > table.weights[$1] }.prefix(top).map { position in
            let entry = table.entries[position]
            let share = totalWait > 0 ? Double(entry.tally.wait.sumNanoseconds) / totalWait : 0
            return ContentionSnapshot.Resource(
                resourceKey: entry.key.text, statistics: LockStatistics(entry.tally),
                waitShare: share, waitErrorMs: Double(entry.inherited) / 1e6)
        }
    }
}
