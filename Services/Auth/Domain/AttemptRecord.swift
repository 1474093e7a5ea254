import Contracts

/// The failed sign-ins of one key and the lockout they led to: pure rules, moved by a clock.
///
/// An attempt is counted when it begins and taken back when it succeeds, so a parallel burst gets exactly as many tries
/// as the same attempts one after the other.
struct AttemptRecord: Sendable, Hashable {
    /// When a lockout begins and how it grows.
    struct Rules: Sendable, Hashable {
        /// Failures before the first lockout.
        let failuresMax: Int
        /// The first lockout; each further failure doubles it.
        let firstLockout: Duration
        let lockoutMax: Duration
        /// Without a failure for this long, all is forgotten.
        let window: Duration
    }

    private(set) var failures = 0
    private(set) var pending = 0
    private var lastFailure: Timestamp?
    private var lockedUntil: Timestamp?

    /// Begins an attempt, or says how long to wait.
    mutating func begin(_ rules: Rules, at now: Timestamp) -> Duration? {
        forgetOld(rules, now)
        if let lockedUntil, now < lockedUntil { return lockedUntil - now }
        // After a lockout one attempt at a time; before the first, as many as may still fail.
        let allowed = lockedUntil == nil ? rules.failuresMax - failures : 1
        guard pending < allowed else { return rules.firstLockout }
        pending += 1
        return nil
    }

    /// Ends an attempt that was refused.
    mutating func fail(_ rules: Rules, at now: Timestamp) {
        pending = max(0, pending - 1)
        failures += 1
        lastFailure = now
        guard failures >= rules.failuresMax else { return }
        // 2^20 is beyond any maximum; the bound keeps the multiplication from overflowing.
        let doublings = min(20, failures - rules.failuresMax)
        lockedUntil = now + min(rules.lockoutMax, rules.firstLockout * (1 << doublings))
    }

    /// Ends an attempt that was right: the failures before it are forgotten.
    mutating func succeed() {
        let others = max(0, pending - 1)
        self = AttemptRecord()
        pending = others
    }

    /// Ends an attempt that came to no result.
    mutating func abandon() {
        pending = max(0, pending - 1)
    }

    /// Whether there is nothing left to remember.
    mutating func isForgettable(_ rules: Rules, at now: Timestamp) -> Bool {
        forgetOld(rules, now)
        return failures == 0 && pending == 0
    }

    private mutating func forgetOld(_ rules: Rules, _ now: Timestamp) {
        guard let lastFailure else { return }
        let end = max(lastFailure + rules.window, (lockedUntil ?? lastFailure) + rules.window)
        guard now >= end else { return }
        failures = 0
        self.lastFailure = nil
        lockedUntil = nil
    }
}
