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

    /// Closed slices that may wait to be added up; one more, and whoever records adds them up.
    private static let closedMax = 3

    private let configuration: Configuration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<MonitorState>
    /// Locked before `state` where both are.
    private let history: Mutex<ContentionHistory>

    /// `now` lets tests move time.
    public init(
        configuration: Configuration = Configuration(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.configuration = configuration
        self.now = now
        state = Mutex(MonitorState(configuration, start: now()))
        history = Mutex(ContentionHistory(configuration))
    }

    // MARK: Recording

    /// Locks were won after `wait`, at the first try or after `retries` more.
    package func acquired(_ grant: LockGrant, wait: Duration, retries: Int) {
        let nanoseconds = UInt64(max(0, wait.nanoseconds))
        func count(_ tally: inout Tally) {
            tally.successes += 1
            tally.wait.record(nanoseconds: nanoseconds)
            if retries > 0 {
                tally.wonAfterRetry += 1
                tally.retries += UInt64(retries)
            }
        }
        record(
            grant.resources, grant.scope, weight: nanoseconds + 1, at: now(), holders: { $0.add(grant) }, count)
    }

    /// Locks were not won. A refusal counts for the resources that others held; nothing is known about the rest.
    package func failed(_ resources: [String], scope: String, _ error: LockError, wait: Duration, retries: Int) {
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
        let moment = now()
        let nanoseconds = UInt64(max(0, (moment - grant.acquiredAt).nanoseconds))
        var isFirst = false
        func count(_ tally: inout Tally) {
            switch outcome {
            case .released:
                tally.hold.record(nanoseconds: nanoseconds)
            case .lost where isFirst:
                tally.lost += 1
                tally.hold.record(nanoseconds: nanoseconds)
            case .unknown where isFirst:
                tally.backendErrors += 1
            case .lost, .unknown:
                break
            }
        }
        record(
            grant.resources, grant.scope, weight: 0, at: moment, holders: { isFirst = $0.remove(grant) }, count)
    }

    /// A store refused a write because it had seen a greater token: the holder had lost its lock without knowing.
    public func fenceRefused(_ resources: [String], scope: String) {
        record(resources, scope, weight: 0) { $0.fenceRefused += 1 }
    }

    private func record(
        _ resources: [String], _ scope: String, weight: UInt64, at moment: ContinuousClock.Instant? = nil,
        holders: (inout LiveHolders) -> Void = { _ in }, _ change: (inout Tally) -> Void
    ) {
        let moment = moment ?? now()
        let scopeKey = MonitorKey(scope)
        let closed = state.withLock { state in
            state.advance(to: moment)
            holders(&state.holders)
            for resource in resources {
                state.record(MonitorKey(resource), scopeKey, weight: weight, group: configuration.group, change)
            }
            return state.closed.count
        }
        if closed > Self.closedMax { addUp() }
    }

    /// Adds what was recorded to the figures; called now and then, it keeps recording from having to do it.
    public func addUp() {
        history.withLock { history in
            let moment = now()
            let closed = state.withLock { state in
                state.advance(to: moment)
                return state.takeClosed()
            }
            history.add(closed)
        }
    }

    // MARK: Reading

    /// The figures of `window`, with the `top` resources that were waited for longest.
    public func snapshot(window: ContentionWindow = .total, top: Int = 100) -> ContentionSnapshot {
        snapshot(window: window, top: top, with: [])
    }

    /// The same with what other processes have counted.
    func snapshot(window: ContentionWindow, top: Int, with others: [ContentionReport]) -> ContentionSnapshot {
        let own = report(window)
        var sum = own.slice
        var holders = own.holders
        for other in others {
            sum.merge(other.slice)
            holders += other.holders
        }
        holders.sort { $0.ageMs > $1.ageMs }
        let listed = Array(holders.prefix(configuration.holdersListedMax))
        let hottest = Self.hottest(of: sum, top: max(0, top))
        let totals = LockStatistics(sum.totals)
        let groups = sum.groups.entries.map { ($0.key.text, LockStatistics($0.tally)) }
        return ContentionSnapshot(
            window: window,
            observed: others.reduce(own.observed) { max($0, $1.observed) },
            totals: totals,
            hottest: hottest,
            groups: Dictionary(groups, uniquingKeysWith: { first, _ in first }),
            other: LockStatistics(sum.resources.other),
            trackedResources: sum.resources.entries.count,
            holders: listed,
            holdersOmitted: others.reduce(own.holdersOmitted) { $0 + $1.holdersOmitted } + holders.count - listed.count,
            advice: ContentionAdvice.given(totals: totals, hottest: hottest, lease: configuration.lease))
    }

    /// What this process has counted in a window, as it can be added to what others have.
    func report(_ window: ContentionWindow) -> ContentionReport {
        let parts = parts(of: window)
        // Added up outside the locks: recording goes on meanwhile.
        var sum = ContentionSlice(resourcesMax: configuration.resourcesMax, groupsMax: configuration.groupsMax)
        for slice in parts.slices { sum.merge(slice) }
        let listed = parts.holders.oldest(configuration.holdersListedMax, now: parts.moment)
        let observed = parts.moment - parts.start
        return ContentionReport(
            observed: window.length.map { min($0, observed) } ?? observed, slice: sum, holders: listed,
            holdersOmitted: parts.holders.omitted + parts.holders.count - listed.count)
    }

    /// The figures of one resource since the last reset; zeros when it was never seen or is among the others.
    public func statistics(for resource: String, window: ContentionWindow = .total) -> LockStatistics {
        statistics(for: resource, window: window, with: [])
    }

    /// The same with what other processes have counted.
    func statistics(
        for resource: String, window: ContentionWindow, with others: [ContentionReport]
    ) -> LockStatistics {
        let key = MonitorKey(resource)
        var tally = Tally(precision: Tally.keyPrecision)
        for slice in parts(of: window).slices + others.map(\.slice) {
            if let found = slice.resources.entry(of: key) {
                tally.merge(found.entry.tally)
            }
        }
        return LockStatistics(tally)
    }

    private struct Parts {
        let moment: ContinuousClock.Instant
        let start: ContinuousClock.Instant
        let slices: [ContentionSlice]
        let holders: LiveHolders
    }

    private func parts(of window: ContentionWindow) -> Parts {
        addUp()
        let moment = now()
        return history.withLock { history in
            state.withLock { state in
                state.holders.removeAbandoned(now: moment)
                let second = (moment - state.start).components.seconds
                return Parts(
                    moment: moment, start: state.start, slices: history.slices(window, at: second) + [state.open],
                    holders: state.holders)
            }
        }
    }

    /// Records since the start.
    var events: UInt64 { state.withLock { $0.events } }

    /// Forgets all figures; who holds what stays known.
    public func reset() {
        let moment = now()
        history.withLock { history in
            history = ContentionHistory(configuration)
            state.withLock { state in
                state = MonitorState(configuration, start: moment, holders: state.holders)
            }
        }
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
