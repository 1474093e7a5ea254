import Contracts
import DatabaseKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import auth

/// The auth service with cheap hashes, called through its router on a database of its own.
struct AuthHarness: Sendable {
    let test: TestEnvironment
    let client: any TestClientProtocol

    static let password = "correct horse battery"

    /// Hashes in well under a millisecond: tests of rules have no use for slow ones.
    static let cheap = ScryptCost(log2N: 4, blockSize: 8, parallelism: 1)

    static func run(
        settings: [String: String] = [:], cost: ScryptCost = cheap, test given: TestEnvironment? = nil,
        configure: (inout AuthConfiguration) -> Void = { _ in },
        _ body: @Sendable (AuthHarness) async throws -> Void
    ) async throws {
        let test: TestEnvironment
        if let given { test = given } else { test = try await TestEnvironment.make(.auth, settings: settings) }
        var configuration = try AuthMain.configuration(test.settings)
        configuration.passwordCost = cost
        configure(&configuration)
        let parts = try await AuthMain.build(configuration, test.environment)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let app = Application(responder: RunningService.responder(parts, test.environment), logger: logger)
        try await app.test(.router) { client in try await body(AuthHarness(test: test, client: client)) }
        await test.close()
    }

    func post(
        _ route: String, _ body: String = "", token: String? = nil, from address: String? = nil
    ) async throws -> TestResponse {
        var headers = HTTPFields()
        if let token { headers[.authorization] = "Bearer \(token)" }
        headers[.xForwardedFor] = address
        return try await client.execute(
            uri: "/api/auth/\(route)", method: .post, headers: headers, body: ByteBuffer(string: body))
    }

    func me(_ token: String) async throws -> TestResponse {
        try await client.execute(
            uri: "/api/auth/me", method: .get, headers: [.authorization: "Bearer \(token)"])
    }

    func register(
        _ email: String = "ada@example.com", password: String = password, token: String? = nil,
        from address: String? = nil
    ) async throws -> TestResponse {
        let request = RegisterRequest(email: email, password: password, name: "Ada")
        return try await post(
            "register", String(buffer: try WireJSON.encode(request)), token: token, from: address)
    }

    func login(
        _ email: String = "ada@example.com", password: String = password, from address: String? = nil
    ) async throws -> TestResponse {
        let request = LoginRequest(email: email, password: password)
        return try await post("login", String(buffer: try WireJSON.encode(request)), from: address)
    }

    func refresh(_ token: String) async throws -> TestResponse {
        try await post("refresh", #"{"refreshToken":"\#(token)"}"#)
    }

    func guest() async throws -> SignInReply { try await post("guest").signIn() }
}

extension TestResponse {
    var problem: ProblemDocument? { try? WireJSON.decode(ProblemDocument.self, from: body) }

    var code: String? { problem?.code }

    /// The tokens of a reply that must have them.
    func signIn() throws -> SignInReply {
        try #require((200..<300).contains(status.code), "\(status) \(String(buffer: body))")
        return try WireJSON.decode(SignInReply.self, from: body)
    }
}
