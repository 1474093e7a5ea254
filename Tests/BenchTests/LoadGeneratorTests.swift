import Testing

@testable import bench

@Suite struct LoadGeneratorTests {
    private let options = RunOptions(rounds: 1, duration: .milliseconds(200), python: "python3")

    private func load(_ server: HelperProcess, _ path: String = ReservationRequests.path) async throws -> Sample {
        let request = RequestBytes.complete(
            RequestBytes.postHead(path, of: server.endpoint, accessToken: "none"), key: "k-1",
            body: ReservationRequests.body(eventID: "e", seats: ["A-1-1", "A-1-2"]))
        return try await LoadGenerator.shared.measure(
            server.endpoint, options, ProcessMeter(["server": server.identifier])
        ) { _ in RepeatedRequest(request) }
    }

    @Test("a load counts replies and what the server's process used", .timeLimit(.minutes(1)))
    func loadCountsRepliesServers() async throws {
        let server = try await EmptyService.start()
        let sample = try await load(server)
        #expect(try #require(sample[.rate]) > 0)
        #expect(sample[.cpu("server")] != nil)
        #expect(try #require(sample[.p99]) >= #require(sample[.p50]))
    }

    @Test("a reply that must not be ends the measurement", .timeLimit(.minutes(1)))
    func replyMustNotBe() async throws {
        let server = try await EmptyService.start()
        await #expect(throws: UnexpectedReply.self) { try await load(server, "/elsewhere") }
    }

    @Test("a server that is gone ends the measurement", .timeLimit(.minutes(1)))
    func serverGoneEndsMeasurement() async throws {
        let server = try await EmptyService.start()
        server.stop()
        await #expect(throws: (any Error).self) { try await load(server) }
    }
}
