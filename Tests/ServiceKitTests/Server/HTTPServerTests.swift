import Contracts
import HTTPKit
import Hummingbird
import Logging
import NIOPosix
import ServiceKit
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

/// A real server on a real port, called by the client that services use.
@Suite struct HTTPServerTests {
    private final class Stage: Sendable {
        let port = Mutex<Int?>(nil)
        let client: HTTPClient
        let isHeld = Mutex(true)
        let arrivals = Mutex(0)

        init() {
            client = HTTPClient(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "client"))
        }

        func get(_ target: String) async throws -> ClientResponse {
            let port = try #require(port.withLock { $0 })
            return try await client.send(
                ClientRequest(method: "GET", target: target, headers: HeaderFields(), body: nil),
                to: Endpoint(host: "127.0.0.1", port: port), deadline: .after(.seconds(20)))
        }
    }

    /// Serves `/quick`, `/held`, which waits for the test, and `/lost`, until `body` has ended.
    private func withServer(
        settings: [String: String] = [:], _ body: (Stage, ServiceGroup) async throws -> Void
    ) async throws {
        let stage = Stage()
        let harness = try ResponderHarness(settings: settings) { router in
            router.get("/quick") { _, _ in Reply(["ok": true]) }
            router.get("/lost") { _, _ -> Response in throw LostReply() }
            router.get("/held") { _, _ in
                stage.arrivals.withLock { $0 += 1 }
                while stage.isHeld.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
                return Reply(["ok": true])
            }
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = HTTPServer(
            harness.responder, host: "127.0.0.1", port: 0, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { port in stage.port.withLock { $0 = port } }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        async let running: Void = group.run()
        try await eventually(within: .seconds(10), "listening") { stage.port.withLock { $0 } != nil }
        try await body(stage, group)
        await group.triggerGracefulShutdown()
        try await running
        await stage.client.shutdown()
    }

    @Test func `answers carry a date and go over one connection`() async throws {
        try await withServer { stage, _ in
            for _ in 0..<3 {
                let reply = try await stage.get("/quick")
                #expect(reply.status == 200)
                #expect(reply.headers.first("date")?.hasSuffix(" GMT") == true)
                #expect(String(buffer: reply.body) == #"{"ok":true}"#)
            }
        }
    }

    @Test func `a request in progress is finished after the signal to stop, new connections are not taken`()
        async throws
    {
        try await withServer { stage, group in
            async let held = stage.get("/held")
            try await eventually { stage.arrivals.withLock { $0 } == 1 }
            await group.triggerGracefulShutdown()
            try await eventually(within: .seconds(10), "refusing") {
                (try? await stage.get("/quick")) == nil
            }
            stage.isHeld.withLock { $0 = false }
            #expect(try await held.status == 200)
        }
    }

    @Test func `at the deadline a client is answered 503 over the network too`() async throws {
        try await withServer(settings: ["REQUEST_SECONDS": "0.2"]) { stage, _ in
            let reply = try await stage.get("/held")
            #expect(reply.status == 503)
            #expect(reply.headers.first("connection") == "close")
            let problem = try WireJSON.decode(ProblemDocument.self, from: reply.body)
            #expect(problem.code == "deadline-exceeded")
            #expect(try await stage.get("/quick").status == 200)
        }
    }

    @Test func `a reply that is to be lost closes the connection without a byte`() async throws {
        try await withServer { (stage, _) async throws in
            await #expect(throws: HTTPClientError.self) { try await stage.get("/lost") }
            #expect(try await stage.get("/quick").status == 200)
        }
    }
}
