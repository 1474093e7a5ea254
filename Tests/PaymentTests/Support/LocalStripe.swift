import Contracts
import Foundation
import HTTPKit
import Logging
import NIOCore
import NIOPosix
import TestSupport

/// A Stripe server on this machine, localstripe, from the Python environment that `deploy/test` makes.
final class LocalStripe: Sendable {
    /// The interpreter that has it.
    private static let interpreter =
        ProcessInfo.processInfo.environment["HOLDFAST_LOCALSTRIPE"] ?? ".build/localstripe/bin/python"

    /// Starts it on the loopback interface, and lets it keep nothing on disk.
    private static let program = """
        import sys
        from aiohttp import web
        from localstripe import resources, server
        resources.Store.dump_to_disk = lambda self: None
        web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
        """

    let url: String
    private let endpoint: Endpoint
    private let process: ChildProcess
    private let http: HTTPClient

    static let secretKey = "sk_test_of_the_payment_tests"

    private init(in directory: TemporaryDirectory) async throws {
        let port = try FreePort.find()
        endpoint = Endpoint(host: "127.0.0.1", port: port)
        url = "http://127.0.0.1:\(port)"
        http = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "localstripe"))
        process = try await ChildProcess.launch(
            URL(fileURLWithPath: Self.interpreter).path, arguments: ["-c", Self.program, String(port)],
            environment: ["PATH": "/usr/bin:/bin"], logFile: directory.file("localstripe.log"))
    }

    /// Runs `body` with a server that knows nothing yet.
    static func with(_ body: (LocalStripe) async throws -> Void) async throws {
        let directory = try TemporaryDirectory("localstripe")
        let server = try await LocalStripe(in: directory)
        do {
            try await eventually(within: .seconds(30), "localstripe answers") {
                guard server.process.isRunning else {
                    let log = try? String(contentsOfFile: directory.file("localstripe.log"), encoding: .utf8)
                    throw LocalStripeError(log: log ?? "")
                }
                return (try? await server.intents()) != nil
            }
            try await body(server)
            server.process.kill()
            await server.http.shutdown()
        } catch {
            server.process.kill()
            await server.http.shutdown()
            throw error
        }
    }

    /// A payment intent as the server has it.
    struct Intent: Decodable {
        let id: String
        let status: String
        let amount: Int64
        let metadata: [String: String]
    }

    /// All intents that were made.
    func intents() async throws -> [Intent] {
        struct List: Decodable { let data: [Intent] }
        return try WireJSON.decode(List.self, from: try await send("GET", "/v1/payment_intents?limit=100").body).data
    }

    /// The intents of one of our keys that took money or have it agreed to.
    func paid(_ key: String) async throws -> [Intent] {
        try await intents().filter {
            $0.metadata["holdfast_payment"] == key && ["succeeded", "requires_capture"].contains($0.status)
        }
    }

    /// The sum of all refunds.
    func refunded() async throws -> Int64 {
        struct List: Decodable { let data: [Refund] }
        struct Refund: Decodable { let amount: Int64 }
        let list = try WireJSON.decode(List.self, from: try await send("GET", "/v1/refunds?limit=100").body)
        return list.data.reduce(0) { $0 + $1.amount }
    }

    /// Has every event sent to `url`, signed with `secret`, by the subscription `name`.
    func subscribe(_ name: String, to url: String, secret: String) async throws {
        _ = try await send("POST", "/_config/webhooks/\(name)", body: #"{"url":"\#(url)","secret":"\#(secret)"}"#)
    }

    private func send(_ method: String, _ target: String, body: String? = nil) async throws -> ClientResponse {
        var headers = HeaderFields()
        headers.add("Authorization", "Bearer \(Self.secretKey)")
        let request = ClientRequest(
            method: method, target: target, headers: headers, body: body.map { ByteBuffer(string: $0) })
        return try await http.send(request, to: endpoint, deadline: .after(.seconds(5)))
    }
}

/// The server ended before it answered.
struct LocalStripeError: Error, CustomStringConvertible {
    let log: String

    var description: String { "localstripe ended (deploy/test installs it): \(log)" }
}
