import Foundation
import TestSupport
import Testing

/// Processes that add to counters under locks while everything around them fails.
///
/// The counters are read, held for a while and written back, so two holders at a time lose an update; only the tokens
/// keep the later of them out. The faults and what each task does follow from a seed, which is printed:
/// `LOCK_TORTURE_SEED=… swift test --filter TortureTests` does the same again.
@Suite(.serialized) struct TortureTests {
    private static let processes = 4
    private static let tasksPerProcess = 50
    private static let faults = 24

    @Test(.timeLimit(.minutes(5)))
    func `no update is lost, no lock is left and nobody is stuck, whatever fails`() async throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["LOCK_TORTURE_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...UInt64(UInt32.max))
        print("LOCK_TORTURE_SEED=\(seed)")
        let (locks, store) = (try await PrivateRedis.start(), try await PrivateRedis.start())
        let directory = try TemporaryDirectory("torture")
        var workers: [LockWorker] = []
        for process in 0..<Self.processes {
            workers.append(
                try await LockWorker.launch(
                    ["increment"], locks: locks, store: store, in: directory,
                    arguments: ["\(process)", "\(Self.tasksPerProcess)", "\(seed)"]))
        }
        try await torment(locks, workers, seed: seed)
        try store.command(["SET", "stop", "1"])
        var told: [String: Int] = [:]
        for worker in workers {
            #expect(try await worker.process.wait(within: .seconds(90)) == .exited(0), "\(worker.output)")
            print(worker.output, terminator: "")
            told.merge(worker.accepted, uniquingKeysWith: +)
        }
        #expect(told.values.reduce(0, +) > 100)
        for (counter, accepted) in told {
            #expect(
                try store.command(["HGET", "counter:\(counter)", "value"]) == "\(accepted)", "\(counter), seed \(seed)")
        }
        try await eventually(within: .seconds(30), "only the fence is left") {
            try locks.keys().allSatisfy { $0 == "fence:{T}" }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `without tokens the same counters show that updates were lost`() async throws {
        let (locks, store) = (try await PrivateRedis.start(), try await PrivateRedis.start())
        let directory = try TemporaryDirectory("torture")
        let worker = try await LockWorker.launch(
            ["increment-unguarded"], locks: locks, store: store, in: directory, arguments: ["0", "40", "1"])
        try await eventually(within: .seconds(60), "some work") {
            Int(try store.command(["HGET", "counter:c0", "value"])).map { $0 > 5 } ?? false
        }
        try store.command(["SET", "stop", "1"])
        #expect(try await worker.process.wait(within: .seconds(60)) == .exited(0), "\(worker.output)")
        let lost = try worker.accepted.reduce(0) { sum, counter in
            sum + counter.value - (Int(try store.command(["HGET", "counter:\(counter.key)", "value"])) ?? 0)
        }
        #expect(lost > 0)
    }

    private func torment(_ locks: PrivateRedis, _ workers: [LockWorker], seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<Self.faults {
            try await Task.sleep(for: Duration.milliseconds(Int.random(in: 50...400, using: &random)))
            switch Int.random(in: 0...4, using: &random) {
            case 0:
                locks.pause()
                // Often longer than a lease: holders lose their locks without being told.
                try await Task.sleep(for: Duration.milliseconds(Int.random(in: 50...900, using: &random)))
                locks.resume()
            case 1: try await locks.restart()
            case 2: try locks.command(["CLIENT", "KILL", "TYPE", "normal"])
            case 3: try locks.command(["CLIENT", "KILL", "TYPE", "pubsub"])
            default:
                let worker = workers[Int.random(in: workers.indices, using: &random)]
                worker.process.pause()
                try await Task.sleep(for: Duration.milliseconds(Int.random(in: 100...1200, using: &random)))
                worker.process.resume()
            }
        }
    }
}
