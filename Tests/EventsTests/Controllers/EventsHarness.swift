import Contracts
import DatabaseKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport

@testable import events

/// The events service with everything around its routes, called without sockets.
struct EventsHarness {
    let test: TestEnvironment
    let stock = FakeStock()

    var organizer: String { test.bearer(EventsFixture.organizer.userID) }

    static func run(_ body: @Sendable (EventsHarness, any TestClientProtocol) async throws -> Void) async throws {
        let harness = EventsHarness(test: try await TestEnvironment.make(.events))
        let environment = harness.test.environment
        let database = try await environment.openDatabase(migrations: EventsMigrations.all)
        let parts = EventsMain.build(
            try EventsConfiguration(harness.test.settings), environment, database: database, stock: harness.stock)
        let application = Application(
            responder: RunningService.responder(parts, environment), logger: EventsFixture.logger)
        try await application.test(.router) { client in try await body(harness, client) }
        await harness.test.close()
    }
}

extension TestClientProtocol {
    func post(_ uri: String, _ body: String, _ authorization: String?, key: String? = nil) async throws -> TestResponse
    {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.authorization] = authorization
        headers[.idempotencyKey] = key
        return try await execute(uri: uri, method: .post, headers: headers, body: ByteBuffer(string: body))
    }
}

extension TestResponse {
    var problem: ProblemDocument? { try? WireJSON.decode(ProblemDocument.self, from: body) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try WireJSON.decode(type, from: body)
    }
}
