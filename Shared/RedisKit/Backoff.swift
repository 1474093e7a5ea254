/// Pauses between attempts: an upper bound that doubles, and a draw below it.
///
/// The whole range is drawn from ("full jitter"), so that clients which lost one server do not come back in step.
struct Backoff: Sendable {
    private let bounds: ClosedRange<Duration>
    private var attempts = 0

    init(_ bounds: ClosedRange<Duration>) {
        self.bounds = bounds
    }

    /// The bound below which the next pause is drawn.
    var bound: Duration {
        min(bounds.upperBound, bounds.lowerBound * (1 << min(attempts, 20)))
    }

    /// Draws the next pause and doubles the bound.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let pause = bound * Double.random(in: 0...1, using: &generator)
        attempts += 1
        return pause
    }

    /// Starts over, after a success.
    mutating func reset() {
        attempts = 0
    }
}
