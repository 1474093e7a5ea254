/// Pauses of one who waits for a lock: 5 ms, doubling to 100 ms, each drawn from its upper half.
///
/// The draw keeps a crowd from coming back in step; the lower half stays, so that nobody hammers Redis.
struct WaitBackoff {
    static let first = Duration.milliseconds(5)
    static let longest = Duration.milliseconds(100)
    private var bound = first

    /// The next pause, at most `remaining`.
    mutating func next(remaining: Duration, using generator: inout some RandomNumberGenerator) -> Duration {
        let pause = bound * Double.random(in: 0.5...1, using: &generator)
        bound = min(bound * 2, Self.longest)
        return min(pause, remaining)
    }
}
