import Contracts
import HTTPKit
import NIOCore
import ServiceKit
import TestSupport

/// The search service alone, as a process that has indexed a catalogue.
final class SearchStage: Sendable {
    private let service: LoneService

    private static let indexingLimit = Duration.seconds(900)
    private static let pollInterval = Duration.milliseconds(50)

    private init(_ service: LoneService) {
        self.service = service
    }

    /// Starts the service and waits until it has everything that is served on port `catalogue`.
    ///
    /// - Parameter database: the address of an empty database; a file when nil
    static func start(catalogue: Int, database: String? = nil, _ rounds: Rounds) async throws -> SearchStage {
        let service = try await LoneService.start(.search, others: catalogue, database: database)
        rounds.note("indexing")
        try await eventually(within: indexingLimit, "everything is indexed") { await service.isReady() }
        return SearchStage(service)
    }

    /// Asks for one target after the other, one at a time.
    func load(_ targets: [String], _ options: RunOptions) async throws -> Sample {
        try await service.load(targets, options)
    }

    /// The same over many connections at once, with the service's CPU time.
    func loadAtOnce(_ targets: [String], _ options: RunOptions) async throws -> Sample {
        try await service.loadAtOnce(targets, options)
    }

    static func searches(_ texts: [String]) -> [String] { texts.map { "/api/search?q=\($0.asQueryValue)" } }

    static func suggestions(_ texts: [String]) -> [String] { texts.map { "/api/search/suggest?q=\($0.asQueryValue)" } }

    /// Has the index made anew; returns how long that took.
    func rebuild() async throws -> Duration {
        let began = ContinuousClock.now
        var status: RebuildStatus = try await service.send(
            "POST", "/internal/search/rebuild", json: RebuildRequest(restart: true), internally: true)
        while status.state == .running {
            guard ContinuousClock.now - began < Self.indexingLimit else {
                throw RebuildFailed(reason: "it takes too long")
            }
            try await Task.sleep(for: Self.pollInterval)
            status = try await service.send("GET", "/internal/search/rebuild", json: String?.none, internally: true)
        }
        guard status.state == .done else { throw RebuildFailed(reason: status.reason ?? "it was interrupted") }
        return ContinuousClock.now - began
    }

    func stop() async { await service.stop() }
}

/// The index was not made anew.
struct RebuildFailed: Error, CustomStringConvertible {
    let reason: String

    var description: String { "the index could not be made anew: \(reason)" }
}
