import Contracts
import DatabaseKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceKit
import TestSupport

@testable import booking

/// The booking service behind its routes, without sockets, between services in memory.
struct ControllerHarness: Sendable {
    let test: TestEnvironment
    let inventory: FakeInventory
    let payment = FakePayment()
    let events = FakeEvents()
    let accounts = FakeAccounts()
    let parts: BookingParts
    let database: any Database
    private let responder: ServiceResponder

    init() async throws {
        test = try await TestEnvironment.make(.booking)
        inventory = FakeInventory(clock: test.clock)
        database = try await test.environment.openDatabase(migrations: BookingMigrations.all)
        events.put(FakeInventory.eventID, on: test.clock.now() + .seconds(30 * 86_400))
        parts = BookingParts(
            try BookingMain.configuration(test.settings), test.environment, database,
            BookingNeighbours(
                reservations: inventory, sales: inventory, charges: payment, events: events, accounts: accounts))
        responder = RunningService.responder(parts.build(), test.environment)
    }

    func run(_ body: @Sendable (Client) async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        try await Application(responder: responder, logger: logger).test(.router) { client in
            try await body(Client(client: client, test: test))
        }
        await test.close()
    }

    /// Sends requests as somebody.
    struct Client: Sendable {
        let client: any TestClientProtocol
        let test: TestEnvironment

        func get(_ uri: String, as userID: String? = "ada", _ role: UserRole = .user) async throws -> TestResponse {
            try await client.execute(uri: uri, method: .get, headers: headers(userID, role))
        }

        func post(
            _ body: String, to uri: String = "/api/bookings/confirm", key: String? = nil, as userID: String? = "ada",
            _ role: UserRole = .user
        ) async throws -> TestResponse {
            var headers = headers(userID, role)
            headers[.contentType] = "application/json"
            if let key { headers[.idempotencyKey] = key }
            return try await client.execute(
                uri: uri, method: .post, headers: headers, body: ByteBuffer(string: body))
        }

        private func headers(_ userID: String?, _ role: UserRole) -> HTTPFields {
            userID.map { [.authorization: test.bearer($0, role)] } ?? [:]
        }
    }
}

extension TestResponse {
    func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try WireJSON.decode(type, from: body)
    }

    var problemCode: String? {
        guard headers[.contentType] == ProblemDocument.mediaType else { return nil }
        return try? decode(ProblemDocument.self).code
    }
}
