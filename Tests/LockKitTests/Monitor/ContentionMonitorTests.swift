import RedisKit
import Synchronization
import Testing

@testable import LockKit

@Suite struct ContentionMonitorTests {
    /// A clock that a test moves.
    private final class Time: Sendable {
        private let moment = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { moment.withLock { $0 } }
        func advance(_ duration: Duration) { moment.withLock { $0 += duration } }
    }

    private let time = Time()

    private func makeMonitor(_ change: (inout ContentionMonitor.Configuration) -> Void = { _ in }) -> ContentionMonitor
    {
        var configuration = ContentionMonitor.Configuration()
        change(&configuration)
        return ContentionMonitor(configuration: configuration, now: { [time] in time.now })
    }

    private func makeGrant(_ resources: [String], owner: String = "o", lease: Duration = .seconds(30)) -> LockGrant {
        LockGrant(
            resources: resources, scope: "E", owner: owner, token: FencingToken(epoch: 1, counter: 1),
            acquiredAt: time.now, validUntil: time.now + lease, keys: [])
    }

    private func refuse(_ monitor: ContentionMonitor, _ resource: String, wait: Duration = .milliseconds(1)) {
        monitor.failed([resource], scope: "E", .held(resources: [resource]), wait: wait, retries: 0)
    }

    @Test func `attempts, refusals, waits and holds are told apart, per resource, per scope and altogether`() {
        let monitor = makeMonitor { $0.group = { String($0.prefix(1)) } }
        let grant = makeGrant(["A1", "B1"])
        monitor.acquired(grant, wait: .milliseconds(4), retries: 2)
        refuse(monitor, "A1", wait: .milliseconds(8))
        time.advance(.milliseconds(100))
        monitor.released(grant, .released)
        let snapshot = monitor.snapshot()
        let hot = monitor.statistics(for: "A1")
        #expect(hot.totalAttempts == 2)
        #expect(hot.successfulAttempts == 1)
        #expect(hot.failedAttempts == 1)
        #expect(hot.contentionRate == 0.5)
        #expect(hot.totalDurationMs == 12)
        #expect(hot.averageDurationMs == 6)
        #expect(hot.wonAfterRetry == 1)
        #expect(hot.wait.max == 8)
        #expect(hot.hold.max == 100)
        #expect(snapshot.totals.totalAttempts == 3)
        #expect(snapshot.groups["E"]?.totalAttempts == 3)
        #expect(snapshot.groups["A"]?.totalAttempts == 2)
        #expect(snapshot.hottest.map(\.resourceKey) == ["A1", "B1"])
        #expect(snapshot.hottest.first?.waitShare == 0.75)
        #expect(snapshot.resources["B1"]?.hold.count == 1)
    }

    @Test func `backend errors are no contention`() {
        let monitor = makeMonitor()
        monitor.failed(["a"], scope: "E", .backend(RedisError(.timedOut, "x")), wait: .seconds(1), retries: 0)
        monitor.failed(["a"], scope: "E", .fenceUnavailable("x"), wait: .seconds(1), retries: 0)
        monitor.failed(["a"], scope: "E", .cancelled, wait: .seconds(1), retries: 0)
        monitor.failed(["a"], scope: "E", .invalidRequest("x"), wait: .seconds(1), retries: 0)
        let snapshot = monitor.snapshot()
        #expect(snapshot.totals.totalAttempts == 0)
        #expect(snapshot.totals.contentionRate == 0)
        #expect(snapshot.totals.backendErrors == 2)
        #expect(snapshot.totals.cancelled == 1)
        #expect(snapshot.advice.map(\.code) == ["backend-errors"])
    }

    @Test func `a resource never seen has zeros`() {
        #expect(makeMonitor().statistics(for: "never") == LockStatistics())
    }

    @Test func `windows forget what is older than they are, the total does not`() {
        let monitor = makeMonitor()
        refuse(monitor, "a")
        func attempts(_ window: ContentionWindow) -> Int { monitor.snapshot(window: window).totals.totalAttempts }
        #expect(ContentionWindow.allCases.allSatisfy { attempts($0) == 1 })
        time.advance(.seconds(50))
        refuse(monitor, "b")
        #expect(ContentionWindow.allCases.allSatisfy { attempts($0) == 2 })
        #expect(monitor.statistics(for: "a", window: .oneMinute).totalAttempts == 1)
        time.advance(.seconds(20))
        #expect(attempts(.oneMinute) == 1)
        #expect(monitor.statistics(for: "a", window: .oneMinute).totalAttempts == 0)
        #expect(attempts(.fiveMinutes) == 2)
        time.advance(.seconds(300))
        #expect(attempts(.fiveMinutes) == 0)
        #expect(attempts(.oneHour) == 2)
        time.advance(.seconds(3700))
        #expect(attempts(.oneHour) == 0)
        #expect(attempts(.total) == 2)
    }

    @Test func `a window over many slices counts every event once`() {
        let monitor = makeMonitor()
        for _ in 0..<240 {
            refuse(monitor, "a")
            time.advance(.seconds(1))
        }
        #expect(monitor.snapshot(window: .fiveMinutes).totals.totalAttempts == 240)
        #expect(monitor.snapshot(window: .oneHour).resources["a"]?.failedAttempts == 240)
        #expect((55...60).contains(monitor.snapshot(window: .oneMinute).totals.totalAttempts))
    }

    @Test func `a reset forgets figures and keeps who holds what`() {
        let monitor = makeMonitor()
        monitor.acquired(makeGrant(["a"]), wait: .milliseconds(1), retries: 0)
        monitor.reset()
        let snapshot = monitor.snapshot()
        #expect(snapshot.totals == LockStatistics())
        #expect(snapshot.hottest.isEmpty)
        #expect(snapshot.observed == .zero)
        #expect(snapshot.holders.count == 1)
    }

    @Test func `a million resources leave memory bounded and sums exact`() async {
        let monitor = makeMonitor { ($0.resourcesMax, $0.windowResourcesMax) = (128, 64) }
        for number in 0..<1_000_000 {
            refuse(monitor, "seat:E:\(number)", wait: .microseconds(10))
            if number % 5 == 0 { refuse(monitor, "seat:E:hot", wait: .microseconds(100)) }
            if number % 1000 == 0 { await Task.yield() }
        }
        let snapshot = monitor.snapshot(top: 1000)
        #expect(snapshot.trackedResources == 128)
        #expect(snapshot.totals.failedAttempts == 1_200_000)
        #expect(snapshot.totals.totalDurationMs == 30_000)
        let listed = snapshot.hottest.reduce(snapshot.other.failedAttempts) { $0 + $1.statistics.failedAttempts }
        #expect(listed == 1_200_000)
        #expect(snapshot.hottest.first?.resourceKey == "seat:E:hot")
        #expect(monitor.statistics(for: "seat:E:hot").failedAttempts == 200_000)
    }

    @Test func `live holders are listed longest first with what is left of their lease, and leave on release`() {
        let monitor = makeMonitor()
        let old = makeGrant(["a"], owner: "1", lease: .seconds(10))
        monitor.acquired(old, wait: .zero, retries: 0)
        time.advance(.seconds(4))
        monitor.acquired(makeGrant(["b"], owner: "2"), wait: .zero, retries: 0)
        let holders = monitor.snapshot().holders
        #expect(holders.map(\.resources) == [["a"], ["b"]])
        #expect(holders.first?.ageMs == 4000)
        #expect(holders.first?.remainingLeaseMs == 6000)
        monitor.released(old, .lost(gone: 1, takenByAnother: 0))
        monitor.released(old, .lost(gone: 1, takenByAnother: 0))
        #expect(monitor.snapshot().holders.count == 1)
        #expect(monitor.snapshot().totals.expired == 1)
    }

    @Test func `holders are bounded, and those who never release are forgotten after their lease`() {
        let monitor = makeMonitor { ($0.holdersMax, $0.holdersListedMax) = (10, 3) }
        for number in 0..<25 {
            monitor.acquired(makeGrant(["\(number)"], owner: "\(number)"), wait: .zero, retries: 0)
        }
        #expect(monitor.snapshot().holders.count == 3)
        #expect(monitor.snapshot().holdersOmitted == 22)
        time.advance(.seconds(91))
        #expect(monitor.snapshot().holders.isEmpty)
    }

    @Test func `advice comes with its number, and not from an anecdote`() {
        let monitor = makeMonitor { $0.lease = .seconds(1) }
        refuse(monitor, "hot")
        #expect(monitor.snapshot().advice.isEmpty)
        for _ in 0..<200 {
            refuse(monitor, "hot")
        }
        let grant = makeGrant(["slow"])
        monitor.acquired(grant, wait: .zero, retries: 0)
        time.advance(.milliseconds(800))
        monitor.released(grant, .released)
        monitor.fenceRefused(["slow"], scope: "E")
        let advice = monitor.snapshot().advice
        #expect(Set(advice.map(\.code)) == ["fence-refused", "hold-near-lease", "high-contention", "hot-resource"])
        #expect(advice.allSatisfy { $0.value > $0.threshold })
        #expect(advice.first { $0.code == "hot-resource" }?.resourceKey == "hot")
    }
}
