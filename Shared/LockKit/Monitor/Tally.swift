/// What has been counted for one key, one group of keys, or all of them.
struct Tally: Sendable {
    /// Buckets a power of two for single keys (12 % off at most) and for everything together (2 %).
    static let keyPrecision = 2
    static let totalPrecision = 5

    var successes: UInt64 = 0
    var failures: UInt64 = 0
    var wonAfterRetry: UInt64 = 0
    var retries: UInt64 = 0
    var backendErrors: UInt64 = 0
    var tooLate: UInt64 = 0
    var cancelled: UInt64 = 0
    var lost: UInt64 = 0
    var extended: UInt64 = 0
    var fenceRefused: UInt64 = 0
    var wait: LogHistogram
    var hold: LogHistogram

    init(precision: Int) {
        wait = LogHistogram(precision: precision)
        hold = LogHistogram(precision: precision)
    }

    /// All counts in a fixed order; as many must be set.
    var counts: [UInt64] {
        get {
            [
                successes, failures, wonAfterRetry, retries, backendErrors, tooLate, cancelled, lost, extended,
                fenceRefused,
            ]
        }
        set {
            precondition(newValue.count == 10, "a tally has ten counts")
            (successes, failures, wonAfterRetry, retries) = (newValue[0], newValue[1], newValue[2], newValue[3])
            (backendErrors, tooLate, cancelled, lost) = (newValue[4], newValue[5], newValue[6], newValue[7])
            (extended, fenceRefused) = (newValue[8], newValue[9])
        }
    }

    mutating func merge(_ other: Tally) {
        successes &+= other.successes
        failures &+= other.failures
        wonAfterRetry &+= other.wonAfterRetry
        retries &+= other.retries
        backendErrors &+= other.backendErrors
        tooLate &+= other.tooLate
        cancelled &+= other.cancelled
        lost &+= other.lost
        extended &+= other.extended
        fenceRefused &+= other.fenceRefused
        wait.merge(other.wait)
        hold.merge(other.hold)
    }

    /// Forgets everything and keeps the memory.
    mutating func clear() {
        successes = 0
        failures = 0
        wonAfterRetry = 0
        retries = 0
        backendErrors = 0
        tooLate = 0
        cancelled = 0
        lost = 0
        extended = 0
        fenceRefused = 0
        wait.clear()
        hold.clear()
    }
}
