import Contracts
import Foundation
import TestSupport
import Testing

@testable import inventory

/// Random histories from many tasks and two replicas, compared with a model that fits on a few pages.
///
/// `INVENTORY_MODEL_RUNS` says how many histories are played on each database, `INVENTORY_MODEL_SEED` with which seed
/// they begin. A history that the model cannot explain is shortened and printed with its seed.
@Suite(.onBothDatabases) struct SaleModelTests {
    /// Histories beside each other, each on a database of its own.
    private static let lanes: UInt64 = 3

    @Test("whatever is asked of the stock, and by whom, some order of the requests explains every answer")
    func randomHistories() async throws {
        let environment = ProcessInfo.processInfo.environment
        let runs = environment["INVENTORY_MODEL_RUNS"].flatMap { UInt64($0) } ?? 50
        let first = environment["INVENTORY_MODEL_SEED"].flatMap { UInt64($0) } ?? 1
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<min(Self.lanes, runs) {
                group.addTask {
                    let stage = try await ModelStage()
                    for run in stride(from: lane, to: runs, by: Int(Self.lanes)) {
                        guard try await Self.agrees(seed: first + run, on: stage) else { break }
                    }
                    await stage.close()
                }
            }
            try await group.waitForAll()
        }
    }

    private static func agrees(seed: UInt64, on stage: ModelStage) async throws -> Bool {
        var generator = HistoryGenerator(seed: seed)
        let run = ModelRun(stage: stage, reserveOn: generator.reserveOn())
        guard let divergence = try await run.divergence(of: generator.history()) else { return true }
        let shortest = try await run.shrink(divergence)
        let history = shortest.history.map(\.description).joined(separator: "\n")
        Issue.record("seed \(seed), carts reserve on \(run.reserveOn.rawValue):\n\(history)\n\(shortest.report)")
        return false
    }
}
