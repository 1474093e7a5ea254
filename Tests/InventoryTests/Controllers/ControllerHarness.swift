import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport

@testable import inventory

/// Controllers on the stores of a fixture, asked without a socket.
struct ControllerHarness: Sendable {
    struct Client: Sendable {
        fileprivate let http: any TestClientProtocol
        fileprivate let test: TestEnvironment

        /// Asks as `userID`, or without a token.
        func get(
            _ path: String, as userID: String? = nil, _ role: UserRole = .user, tag: String? = nil
        ) async throws -> TestResponse {
            var headers = HTTPFields()
            headers[.authorization] = userID.map { test.bearer($0, role) }
            headers[.ifNoneMatch] = tag
            return try await http.execute(uri: path, method: .get, headers: headers)
        }
    }

    let fixture: InventoryFixture
    let test: TestEnvironment

    init(_ fixture: InventoryFixture) throws {
        self.fixture = fixture
        test = try TestEnvironment(.inventory)
    }

    /// Runs `body` with a client of the routes that `addRoutes` makes.
    func run(
        _ addRoutes: (Router<ServiceContext>) -> Void, _ body: @escaping @Sendable (Client) async throws -> Void
    ) async throws {
        let router = test.environment.makeRouter()
        addRoutes(router)
        let responder = RunningService.responder(ServiceParts(router: router), test.environment)
        try await Application(responder: responder, logger: test.environment.logger).test(.router) { http in
            try await body(Client(http: http, test: test))
        }
        await test.close()
    }
}
