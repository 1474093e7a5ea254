/// Pauses of one who waits for a lock.
///
/// While releases are announced, a pause lasts until the holder's lease is over, or about a second, whichever comes
/// first: announcements wake earlier, and the second makes up for one that was lost. While they are not, it is 5 ms,
/// doubling to 100 ms. Each is drawn from its upper half: the draw keeps a crowd from coming back in step, the lower
/// half keeps anybody from hammering Redis.
struct WaitPause {
    static let first = Duration.milliseconds(5)
    static let longest = Duration.milliseconds(100)
    static let longestHeard = Duration.seconds(1)
    private var bound = first

    /// The next pause.
    ///
    /// - Parameters:
    ///   - remaining: what is left of the time to wait
    ///   - lease: what is left of the holder's lease, when it is known
    ///   - isHeard: whether releases are announced
    mutating func next(
        remaining: Duration, lease: Duration?, isHeard: Bool, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let share = Double.random(in: 0.5...1, using: &generator)
        let pause = (isHeard ? Self.longestHeard : bound) * share
        bound = isHeard ? Self.first : min(bound * 2, Self.longest)
        // A little after its end: Redis and this process do not read one clock.
        let leaseEnd = lease.map { $0 + .milliseconds(1) + .milliseconds(10) * share } ?? pause
        return min(pause, leaseEnd, remaining)
    }
}
