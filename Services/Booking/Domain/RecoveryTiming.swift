import Contracts

/// When bookings are taken up again and when their payments are given up.
struct RecoveryTiming: Sendable, Hashable {
    /// How long one worker may keep a booking to itself; longer than a request may take.
    var lease: Duration = .seconds(10)
    /// How long a charge may stay without an outcome.
    var paymentDeadline: Duration = .seconds(120)
    /// Time that must be left of a pin when its payment is given up, to sell or to compensate within it.
    var pinMargin: Duration = .seconds(5)
    /// The first and the longest pause before a booking that could not be finished is tried again.
    var pauses: ClosedRange<Duration> = .milliseconds(500)...(.seconds(5))

    /// When a charge that is intended at `now`, under a pin until `pinnedUntil`, is given up.
    func giveUp(from now: Timestamp, pinnedUntil: Timestamp) -> Timestamp {
        max(now, min(now + paymentDeadline, pinnedUntil - pinMargin))
    }

    /// The pause after the `recoveries`-th try: doubled each time up to the longest.
    func pause(after recoveries: Int) -> Duration {
        let doublings = min(max(recoveries, 0), 10)
        return min(pauses.lowerBound * (1 << doublings), pauses.upperBound)
    }
}
