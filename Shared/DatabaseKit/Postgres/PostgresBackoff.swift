/// How long to wait between attempts to reach a server: longer each time, and never as long as everybody else.
struct PostgresBackoff {
    private let min: Duration
    private let max: Duration
    private var current: Duration

    init(_ configuration: PostgresConfiguration) {
        min = configuration.retryDelayMin
        max = configuration.retryDelayMax
        current = min
    }

    /// The time to wait now: between half and all of a bound that doubles.
    mutating func next() -> Duration {
        defer { current = Swift.min(max, current * 2) }
        return current * Double.random(in: 0.5...1)
    }

    mutating func reset() {
        current = min
    }
}
