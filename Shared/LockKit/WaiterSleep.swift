/// What a waiter's sleep comes to: who wakes it and who ends its time may come before it, in any order.
///
/// It knows no task and no clock; `Sleeper` is whatever its owner resumes.
struct WaiterSleep<Sleeper> {
    private enum Phase {
        case awake
        /// Woken before it slept: the next sleep ends at once.
        case woken
        /// The time of the sleep that is about to begin is over already.
        case timeOver
        case asleep(Sleeper)
    }

    private var phase = Phase.awake

    /// Begins the sleep; what it ends with at once, nil when `sleeper` is kept until something ends it.
    mutating func begin(_ sleeper: Sleeper) -> LockWaiter.Awakening? {
        switch phase {
        case .awake:
            phase = .asleep(sleeper)
            return nil
        case .woken:
            phase = .awake
            return .released
        case .timeOver:
            phase = .awake
            return .timeOver
        case .asleep:
            preconditionFailure("a waiter sleeps in one place at a time")
        }
    }

    /// Ends the sleep, or the next one; who is to be resumed.
    mutating func wake() -> Sleeper? {
        guard case .asleep(let sleeper) = phase else {
            phase = .woken
            return nil
        }
        phase = .awake
        return sleeper
    }

    /// Ends the sleep, or the one that is about to begin, because its time is over; who is to be resumed.
    mutating func giveUp() -> Sleeper? {
        switch phase {
        case .awake:
            phase = .timeOver
            return nil
        case .woken, .timeOver:
            return nil
        case .asleep(let sleeper):
            phase = .awake
            return sleeper
        }
    }

    /// Forgets that the time was over: it was that of a sleep that has ended. What woke it counts for the next.
    mutating func finish() {
        if case .timeOver = phase { phase = .awake }
    }
}
