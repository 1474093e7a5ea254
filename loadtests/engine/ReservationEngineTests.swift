import DatabaseKit
import Foundation
import LoadKit
import TestSupport
import Testing

@testable import bench

@Suite struct ReservationEngineTests {
    @Test("the engine and its SQL alone leave rows of the same kind, as many as there were orders")
    func sameRows() async throws {
        let folder = try TemporaryDirectory("engine")
        let database = try SQLiteDatabase(path: folder.file("inventory.sqlite"))
        try await EngineStage.with(database) { stage in
            let hall = try await stage.openHall(for: .milliseconds(1))
            for (number, reserve) in [stage.reserve, stage.reserveBySQLAlone].enumerated() {
                for _ in 0..<20 { try await reserve(try hall.nextOrder()) }
                let written = try await stage.rowsWritten()
                #expect(written.seats == Int64(40 * (number + 1)))
                #expect(written.reservations == Int64(20 * (number + 1)))
            }
        }
    }

    @Test(
        "P6 is measured when it is asked for",
        .enabled(if: ProcessInfo.processInfo.environment["HOLDFAST_BENCH_ROUNDS"] != nil))
    func measured() async throws {
        let environment = ProcessInfo.processInfo.environment
        let rounds = try #require(environment["HOLDFAST_BENCH_ROUNDS"].flatMap { Int($0) })
        let options = RunOptions(rounds: rounds, duration: .seconds(3), python: "")
        let measured = Rounds(of: "P6", options: options, progress: .standard())
        let benchmark = ReservationEngine()
        try await benchmark.run(measured)
        var report = Report(machine: .here(), options: options)
        report.results.append(BenchmarkResult(benchmark, await measured.samples))
        print("\n\(report.markdown)")
        #expect(report.results[0].lines.count == benchmark.comparisons.count)
    }
}
