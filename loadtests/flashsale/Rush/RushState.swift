import LoadKit
import Synchronization

/// What the workers of a rush and its watchers share: counters for the progress line, and the wish to stop.
final class RushState: Sendable {
    private let began = ContinuousClock.now
    private let stopped = Atomic<Bool>(false)
    private let nextBuyer = Atomic<Int>(0)
    private let visits = Atomic<Int>(0)
    private let bookingCount = Atomic<Int>(0)
    private let seatCount = Atomic<Int>(0)

    var visitsEnded: Int { visits.load(ordering: .relaxed) }

    var bookings: Int { bookingCount.load(ordering: .relaxed) }

    var isStopped: @Sendable () -> Bool { { [self] in stopped.load(ordering: .relaxed) } }

    func stop() { stopped.store(true, ordering: .relaxed) }

    /// The index of the buyer who is let in next.
    func nextInLine() -> Int { nextBuyer.wrappingAdd(1, ordering: .relaxed).oldValue }

    func left(_ outcome: Outcome, seats: Int) {
        visits.wrappingAdd(1, ordering: .relaxed)
        guard outcome == .bought else { return }
        bookingCount.wrappingAdd(1, ordering: .relaxed)
        seatCount.wrappingAdd(seats, ordering: .relaxed)
    }

    /// One line for people who watch.
    func line(of plan: RushPlan) -> String {
        let elapsed = ContinuousClock.now - began
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        return "\(fixed(seconds, 1)) s   buyers \(visitsEnded)/\(plan.users)   "
            + "sold \(seatCount.load(ordering: .relaxed))/\(plan.seats) seats   "
            + "\(fixed(Double(bookings) / max(seconds, 0.001), 0)) bookings/s"
            + (stopped.load(ordering: .relaxed) ? "   stopping" : "")
    }
}
