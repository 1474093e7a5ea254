import Foundation
import LockKit
import Synchronization

/// Refusals of a million seats, and now and then of one hot seat, over an hour and a half of the monitor's time.
enum MillionSeats {
    private static let seats = 1_000_000
    private static let warmUp = 200_000
    private static let perMinute = 10_000

    /// Prints the memory after the warm-up and at the end in KiB, and what the monitor says.
    static func run() {
        let moment = Moment()
        let monitor = ContentionMonitor(now: { moment.now })
        var early = 0
        for seat in 0..<seats {
            refuse(monitor, "seat:E:A-\(seat / 100)-\(seat % 100)", .microseconds(10))
            if seat % 5 == 0 { refuse(monitor, "seat:E:hot", .microseconds(100)) }
            if seat % perMinute == 0 { moment.advance(.seconds(60)) }
            if seat == warmUp { early = residentKiB() }
        }
        let snapshot = monitor.snapshot(top: 10_000)
        let listed = snapshot.hottest.reduce(snapshot.other.failedAttempts) { $0 + $1.statistics.failedAttempts }
        LockWorkerMain.say(
            "early=\(early) late=\(residentKiB()) tracked=\(snapshot.trackedResources) total="
                + "\(snapshot.totals.failedAttempts) listed=\(listed) hottest=\(snapshot.hottest.first?.resourceKey ?? "")"
        )
    }

    private static func refuse(_ monitor: ContentionMonitor, _ seat: String, _ wait: Duration) {
        monitor.failed([seat], scope: "E", .held(resources: [seat]), wait: wait, retries: 0)
    }

    private static func residentKiB() -> Int {
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4
    }

    private final class Moment: Sendable {
        private let moment = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { moment.withLock { $0 } }
        func advance(_ duration: Duration) { moment.withLock { $0 += duration } }
    }
}
