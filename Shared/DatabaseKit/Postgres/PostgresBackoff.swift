import Dispatch
import Synchronization

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

/// Whether a connection is being closed, and a way to sleep that ends with it.
final class PostgresClosing: Sendable {
    private let isClosing = Mutex(false)
    private let signal = DispatchSemaphore(value: 0)

    func begin() {
        isClosing.withLock { $0 = true }
        signal.signal()
    }

    /// Blocks for `duration`; false, at once, when the connection is being closed.
    func sleep(_ duration: Duration) -> Bool {
        if isClosing.withLock({ $0 }) { return false }
        return signal.wait(timeout: .now() + .milliseconds(Int(duration.inMilliseconds))) == .timedOut
    }
}
