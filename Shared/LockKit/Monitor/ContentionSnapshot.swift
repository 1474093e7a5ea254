/// What the monitor knew at one moment about one window of time.
public struct ContentionSnapshot: Sendable {
    /// One resource and its figures.
    public struct Resource: Sendable {
        public var resourceKey: String
        public var statistics: LockStatistics
        /// Part of all waiting that is this resource's, 0 to 1.
        public var waitShare: Double
        /// By how much its waiting time may be overstated for its rank, in milliseconds; its figures are not.
        public var waitErrorMs: Double
    }

    /// Locks that were won and not yet given back.
    public struct Holder: Sendable {
        public var resources: [String]
        public var token: FencingToken
        public var ageMs: Double
        /// Negative when the lease is over and the holder has not said so.
        public var remainingLeaseMs: Double
    }

    public var window: ContentionWindow
    /// How long the window has been observed, shorter than its name after a start or a reset.
    public var observed: Duration
    public var totals: LockStatistics
    /// The resources that were waited for longest, longest first.
    public var hottest: [Resource]
    /// Scopes, and groups where the configuration defines them, by name.
    public var groups: [String: LockStatistics]
    /// All resources that have no figures of their own, together.
    public var other: LockStatistics
    /// How many resources have figures of their own.
    public var trackedResources: Int
    /// The longest held first.
    public var holders: [Holder]
    /// Holders that were too many to be listed or remembered.
    public var holdersOmitted: Int
    public var advice: [ContentionAdvice]

    /// The figures of ``hottest`` by resource.
    public var resources: [String: LockStatistics] {
        Dictionary(hottest.map { ($0.resourceKey, $0.statistics) }, uniquingKeysWith: { first, _ in first })
    }
}

/// A stretch of time that figures are given for.
public enum ContentionWindow: String, Sendable, CaseIterable {
    case oneMinute = "1m"
    case fiveMinutes = "5m"
    case oneHour = "1h"
    /// Since the start or the last reset.
    case total
}
