import LoadKit
import Synchronization

/// What the workers of a run and its watchers share.
final class SeedState: Sendable {
    private let began = ContinuousClock.now
    private let stopped = Atomic<Bool>(false)
    private let next = Atomic<Int>(0)
    private let report: Mutex<SeedReport>

    init(events: Int) {
        report = Mutex(SeedReport(events: events))
    }

    var isStopped: @Sendable () -> Bool { { [self] in stopped.load(ordering: .relaxed) } }

    func stop() {
        stopped.store(true, ordering: .relaxed)
        report.withLock { $0.wasStopped = true }
    }

    /// The place in the list of what is to be made that a worker takes next.
    func nextPlace() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }

    func count(_ change: (inout SeedReport) -> Void) { report.withLock { change(&$0) } }

    /// How it stands.
    func result() -> SeedReport {
        var result = report.withLock { $0 }
        result.seconds = (ContinuousClock.now - began) / .seconds(1)
        return result
    }

    /// One line for people who watch.
    func line() -> String {
        let now = result()
        let done = now.made + now.found + now.over
        return "\(ProgressLine.bar(done, of: now.events)) \(done)/\(now.events) events   "
            + "\(fixed(Double(now.made) / max(now.seconds, 0.001), 0))/s"
            + (now.retries > 0 ? "   \(now.retries) repeated" : "") + (now.wasStopped ? "   stopping" : "")
    }
}
