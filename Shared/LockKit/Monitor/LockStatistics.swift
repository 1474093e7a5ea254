/// What was measured for one key, a group of keys, or all of them; durations in milliseconds.
///
/// One attempt is one resource of one acquisition. Backend errors are no attempts: they say nothing about contention.
public struct LockStatistics: Sendable, Equatable {
    /// A distribution, in milliseconds; percentiles are off by 12 % at most for keys and 2 % for totals.
    public struct Distribution: Sendable, Equatable {
        public var count: Int = 0
        public var average = 0.0
        public var p50 = 0.0
        public var p90 = 0.0
        public var p99 = 0.0
        public var max = 0.0
    }

    public var totalAttempts = 0
    public var successfulAttempts = 0
    /// Refused because another held the lock, after all the waiting that was allowed.
    public var failedAttempts = 0
    /// Failed ÷ all attempts, 0 to 1.
    public var contentionRate = 0.0
    /// Time spent acquiring, by winners and losers.
    public var totalDurationMs = 0.0
    public var averageDurationMs = 0.0
    /// Won, but not at the first try.
    public var wonAfterRetry = 0
    /// Tries beyond the first.
    public var retries = 0
    /// Redis gave no usable answer.
    public var backendErrors = 0
    /// Granted after the lease was over, and given back.
    public var acquiredTooLate = 0
    /// The task was cancelled while it waited.
    public var cancelled = 0
    /// Gone or another's when they were released: the lease was too short, or Redis forgot.
    public var expired = 0
    /// Renewals by holders who needed longer than their lease.
    public var extended = 0
    /// Writes that a store refused because it had seen a greater token.
    public var fenceRefused = 0
    public var wait = Distribution()
    public var hold = Distribution()

    public init() {}

    init(_ tally: Tally) {
        totalAttempts = Int(tally.successes + tally.failures)
        successfulAttempts = Int(tally.successes)
        failedAttempts = Int(tally.failures)
        contentionRate = totalAttempts == 0 ? 0 : Double(tally.failures) / Double(totalAttempts)
        wonAfterRetry = Int(tally.wonAfterRetry)
        retries = Int(tally.retries)
        backendErrors = Int(tally.backendErrors)
        acquiredTooLate = Int(tally.tooLate)
        cancelled = Int(tally.cancelled)
        expired = Int(tally.lost)
        extended = Int(tally.extended)
        fenceRefused = Int(tally.fenceRefused)
        wait = Distribution(tally.wait)
        hold = Distribution(tally.hold)
        totalDurationMs = Double(tally.wait.sumNanoseconds) / 1e6
        averageDurationMs = wait.average
    }
}

extension LockStatistics.Distribution {
    init(_ histogram: LogHistogram) {
        count = Int(histogram.count)
        average = histogram.count == 0 ? 0 : Double(histogram.sumNanoseconds) / Double(histogram.count) / 1e6
        p50 = Double(histogram.percentile(0.50)) / 1e6
        p90 = Double(histogram.percentile(0.90)) / 1e6
        p99 = Double(histogram.percentile(0.99)) / 1e6
        max = Double(histogram.maxNanoseconds) / 1e6
    }
}
