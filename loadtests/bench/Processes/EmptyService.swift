/// A Hummingbird service with one route that reads and writes JSON and does nothing else, as a process of its own.
enum EmptyService {
    static func start() async throws -> HelperProcess {
        try await HelperProcess.start(try OwnExecutable.path("bench")) { port, _ in
            ["serve-empty", "--port", "\(port)"]
        }
    }
}
