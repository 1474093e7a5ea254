package import Contracts
import Synchronization

/// A clock that stands still until a test moves it.
package final class ManualClock: WallClock {
    private let time: Mutex<Timestamp>

    /// Starts at `start`, by default 2026-01-01T00:00:00Z.
    package init(_ start: Timestamp = Timestamp(milliseconds: 1_767_225_600_000)) {
        time = Mutex(start)
    }

    package func now() -> Timestamp { time.withLock { $0 } }

    /// Moves the clock by `duration`; a negative one sets it back, as an operator may.
    package func advance(by duration: Duration) {
        time.withLock { $0 = $0 + duration }
    }

    /// Sets the clock to `moment`.
    package func set(_ moment: Timestamp) {
        time.withLock { $0 = moment }
    }
}
