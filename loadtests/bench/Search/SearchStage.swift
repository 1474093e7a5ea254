import Contracts
import HTTPKit
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// The search service alone, as a process that has indexed a catalogue.
final class SearchStage: Sendable {
    private let process: HelperProcess
    private let http: HTTPClient
    private let next = Atomic<Int>(0)

    private static let indexingLimit = Duration.seconds(900)
    private static let deadline = Duration.seconds(30)

    private init(_ process: HelperProcess) {
        self.process = process
        var logger = Logger(label: "bench")
        logger.logLevel = .warning
        http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    }

    /// Starts the service and waits until it has everything that is served on port `catalogue`.
    static func start(catalogue: Int, _ rounds: Rounds) async throws -> SearchStage {
        let environment = [
            "HOST": "127.0.0.1", "LOG_LEVEL": "warning",
            "EVENTS_URL": "http://127.0.0.1:\(catalogue)", "INVENTORY_URL": "http://127.0.0.1:\(catalogue)",
            "TOKEN_KEYS": "t1:\(SecureRandom.hexadecimal(bytes: 32))",
            "INTERNAL_KEYS": "i1:\(SecureRandom.hexadecimal(bytes: 32))",
        ]
        let process = try await HelperProcess.start(try OwnExecutable.path("search"), environment: environment) {
            port, directory in ["--port", "\(port)", "--data-dir", directory.path]
        }
        let stage = SearchStage(process)
        rounds.note("indexing")
        let began = ContinuousClock.now
        try await eventually(within: indexingLimit, "everything is indexed") {
            // Not ready yet is what is waited out; anything else ends with the limit.
            (try? await stage.get("/health/ready"))?.status == 200
        }
        rounds.note("indexed in \(Quantity.text((.now - began) / .seconds(1))) s")
        return stage
    }

    /// Searches for one query after the other.
    func load(_ queries: [String], _ options: RunOptions) async throws -> Sample {
        try await TaskLoad.measure(tasks: 1, options) { [self] _ in
            let query = queries[next.wrappingAdd(1, ordering: .relaxed).oldValue % queries.count]
            let reply = try await get("/api/search?q=\(query.replacing(" ", with: "+"))")
            guard reply.status == 200 else {
                throw UnexpectedReply(status: reply.status, text: String(buffer: reply.body))
            }
        }
    }

    func stop() async {
        process.stop()
        await http.shutdown()
    }

    private func get(_ target: String) async throws -> ClientResponse {
        try await http.send(
            ClientRequest(method: "GET", target: target), to: process.endpoint, deadline: .after(Self.deadline))
    }
}
