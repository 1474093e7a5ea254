/// What the locks on a resource did: `GET /api/monitoring/lock-contention/{resourceKey}`.
package struct LockStatisticsDocument: Sendable, Hashable, Codable {
    /// A distribution of durations in milliseconds.
    package struct Distribution: Sendable, Hashable, Codable {
        package let p50: Double
        package let p90: Double
        package let p99: Double
        package let max: Double

        package init(p50: Double, p90: Double, p99: Double, max: Double) {
            self.p50 = p50
            self.p90 = p90
            self.p99 = p99
            self.max = max
        }
    }

    package let totalAttempts: Int
    package let successfulAttempts: Int
    /// Refused because somebody else had the lock.
    package let failedAttempts: Int
    /// Refused because the lock store did not answer: no contention.
    package let backendErrors: Int
    /// Failed of all attempts that were answered, from 0 to 1.
    package let contentionRate: Double
    /// Sum of the times to acquire.
    package let totalDurationMs: Double
    package let averageDurationMs: Double
    /// Tries beyond the first, of those who waited.
    package let retries: Int
    /// Given up by whoever waited.
    package let cancelled: Int
    /// Lost before they were released.
    package let expired: Int
    /// Renewed by their holders.
    package let extended: Int
    /// Writes that the store refused for their fencing token.
    package let fenceRefused: Int
    /// How long the locks were held.
    package let hold: Distribution
    /// How long acquiring took, won or lost.
    package let wait: Distribution

    package init(
        totalAttempts: Int, successfulAttempts: Int, failedAttempts: Int, backendErrors: Int,
        contentionRate: Double, totalDurationMs: Double, averageDurationMs: Double, retries: Int, cancelled: Int,
        expired: Int, extended: Int, fenceRefused: Int, hold: Distribution, wait: Distribution
    ) {
        self.totalAttempts = totalAttempts
        self.successfulAttempts = successfulAttempts
        self.failedAttempts = failedAttempts
        self.backendErrors = backendErrors
        self.contentionRate = contentionRate
        self.totalDurationMs = totalDurationMs
        self.averageDurationMs = averageDurationMs
        self.retries = retries
        self.cancelled = cancelled
        self.expired = expired
        self.extended = extended
        self.fenceRefused = fenceRefused
        self.hold = hold
        self.wait = wait
    }
}
