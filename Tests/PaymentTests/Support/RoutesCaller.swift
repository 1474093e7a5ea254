import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceKit
import TestSupport

@testable import payment

/// What a test asks the routes of payment with, through the router and without a network.
struct RoutesCaller {
    let test: TestEnvironment
    let client: any TestClientProtocol

    /// Runs `body` on a service of its own.
    static func run(
        _ settings: [String: String] = [:], _ body: @escaping @Sendable (RoutesCaller) async throws -> Void
    ) async throws {
        let test = try await TestEnvironment.make(
            .payment, settings: ["PROVIDER_SECONDS": "0.05"].merging(settings) { $1 })
        let parts = try await PaymentMain.build(try PaymentMain.configuration(test.settings), test.environment)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = Application(responder: RunningService.responder(parts, test.environment), logger: logger)
        try await application.test(.router) { client in
            try await body(RoutesCaller(test: test, client: client))
        }
        for end in parts.onShutdown { await end() }
        await test.close()
    }

    func post(
        _ path: String, _ body: some Encodable, as token: String? = nil, key: String? = nil
    ) async throws -> TestResponse {
        try await send(
            .post, path, token ?? test.internalBearer(from: .booking), try WireJSON.encode(body), key: key)
    }

    func get(_ path: String, as token: String? = nil) async throws -> TestResponse {
        try await send(.get, path, token ?? test.internalBearer(from: .booking), nil)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ token: String, _ body: ByteBuffer?, key: String? = nil,
        headers given: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = given
        headers[.authorization] = token.isEmpty ? nil : token
        headers[.idempotencyKey] = key
        return try await client.execute(uri: path, method: method, headers: headers, body: body)
    }
}

extension TestResponse {
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try WireJSON.decode(type, from: body)
    }

    /// The code of a problem.
    var code: String? { try? decoded(ProblemDocument.self).code }
}
