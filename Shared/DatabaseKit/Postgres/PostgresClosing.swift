import Dispatch
import Synchronization

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
