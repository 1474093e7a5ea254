import HTTPKit
import Logging
import NIOPosix
import TestSupport
import Testing

@testable import payment

@Suite("The line to Stripe")
struct StripeClientTests {
    private static let head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"

    @Test(
        "gives a reply up at the deadline, wherever it stalls", .timeLimit(.minutes(1)),
        arguments: ["", "HTTP/1.1 200 OK\r\n", head, head + #"{"id":"#])
    func stalls(_ reply: String) async throws {
        try await RawServer.with { connection, _ in
            _ = try await connection.readHead()
            try await connection.write(reply)
            await connection.drain()
        } _: { server in
            var logger = Logger(label: "stripe")
            logger.logLevel = .critical
            let client = StripeClient(
                baseURL: "http://127.0.0.1:\(server.endpoint.port)", secretKey: "sk_test",
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
            let error = await #expect(throws: StripeError.self) {
                try await client.get("/v1/refunds", until: .after(.milliseconds(200)), returning: StripeID.self)
            }
            // What was given up does not hold its connection.
            let isClosed: Void? = try? await eventually { server.openCount == 0 }
            await client.shutdown()
            #expect(isClosed != nil)
            guard case .unavailable = error else {
                Issue.record("a stalled reply is no silence: \(String(describing: error))")
                return
            }
        }
    }
}
