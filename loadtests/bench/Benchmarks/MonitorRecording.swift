import Foundation
import LockKit

/// P10: what the contention monitor adds to every lock.
struct MonitorRecording: Benchmark {
    let id = "P10"
    let summary = "the contention monitor's CPU for a lock operation"

    private static let recording = "recording"
    private static let cost = Figure.cpu("recording")
    /// More resources than the monitor keeps figures of, as in a sale.
    private static let resources = 5_000
    private static let batch = 10_000

    var comparisons: [Comparison] {
        [Comparison("CPU, µs an acquisition or release", .init(Self.recording, Self.cost), .atMost(0.5))]
    }

    func run(_ rounds: Rounds) async throws {
        try await LockStage.with { stage in
            var grants: [LockGrant] = []
            for index in 0..<Self.resources {
                grants.append(try await stage.locks.acquire(["seat:bench:A-1-\(index)"], scope: "bench"))
            }
            let all = grants
            try await rounds.measure([Contender(Self.recording) { try await Self.record(all, $0) }])
        }
    }

    private static func record(_ grants: [LockGrant], _ options: RunOptions) async throws -> Sample {
        let monitor = ContentionMonitor()
        let end = ContinuousClock.now + options.duration
        let began = ProcessMeter.ownCPUSeconds()
        var operations = 0
        while ContinuousClock.now < end {
            try Task.checkCancellation()
            for index in 0..<batch {
                let grant = grants[(operations + index) % grants.count]
                monitor.acquired(grant, wait: .microseconds(100 + index % 900), retries: 0)
                monitor.released(grant, .released)
            }
            operations += batch
        }
        // An operation of the lock service is an acquisition or a release: each records once.
        return Sample([cost: (ProcessMeter.ownCPUSeconds() - began) * 1e6 / Double(2 * operations)])
    }
}
