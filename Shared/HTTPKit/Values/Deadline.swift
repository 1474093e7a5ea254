package import NIOCore

/// A moment by which something remote must have answered.
///
/// It is an instant, not a length: passed along a chain of calls it shrinks by itself. Measured on the monotonic
/// clock, so a change of the wall clock moves no deadline.
package struct Deadline: Sendable, Hashable {
    /// The instant on the clock of the event loops.
    package let instant: NIODeadline

    /// Longer durations are cut to this, far below where the clock's arithmetic would overflow.
    private static let longest = Duration.seconds(10 * 365 * 86_400)

    /// The deadline at `instant`.
    package init(at instant: NIODeadline) {
        self.instant = instant
    }

    /// The deadline that passes `duration` from now; at once when it is not positive.
    package init(after duration: Duration) {
        let bounded = max(.zero, min(duration, Self.longest))
        self.instant = .now() + TimeAmount(bounded)
    }

    /// The deadline that passes `duration` from now.
    package static func after(_ duration: Duration) -> Deadline {
        Deadline(after: duration)
    }

    /// What is left of it, never negative.
    package var remaining: Duration {
        let left = instant - .now()
        return left > .zero ? .nanoseconds(left.nanoseconds) : .zero
    }

    /// Whether nothing is left of it.
    package var hasPassed: Bool {
        instant <= .now()
    }

    /// The one of both that passes first.
    package func sooner(_ other: Deadline) -> Deadline {
        instant <= other.instant ? self : other
    }
}
