/// A server on SwiftNIO alone that streams the same bytes to everyone, as a process of its own.
enum BareStreams {
    static func start() async throws -> HelperProcess {
        try await HelperProcess.start(try OwnExecutable.path("bench")) { port, _ in
            ["serve-streams", "--port", "\(port)"]
        }
    }
}
