import Synchronization

/// Until when renewed locks are surely held, shared by whoever renews them and the copies of their grant.
final class LockValidity: Sendable {
    private let moment: Mutex<ContinuousClock.Instant>

    init(_ end: ContinuousClock.Instant) {
        moment = Mutex(end)
    }

    var end: ContinuousClock.Instant { moment.withLock { $0 } }

    /// Moves the end on; it never goes back, whatever the order in which renewals end.
    ///
    /// False when it has passed meanwhile: the holder may have been told already, so the locks stay lost.
    func extend(to end: ContinuousClock.Instant) -> Bool {
        moment.withLock { moment in
            guard ContinuousClock.now < moment else { return false }
            moment = max(moment, end)
            return true
        }
    }
}
