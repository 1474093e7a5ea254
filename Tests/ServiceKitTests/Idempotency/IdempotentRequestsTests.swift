import Contracts
import DatabaseKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import Synchronization
import TestSupport
import Testing

@Suite(.onBothDatabases) struct IdempotentRequestsTests {
    private final class Shop: Sendable {
        let executions = Mutex(0)
        let isHeld = Mutex(false)

        func execute() -> Int {
            executions.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// `POST /orders` whose body says what becomes of it.
    private func run(
        _ shop: Shop = Shop(), _ body: @escaping @Sendable (Calls) async throws -> Void
    ) async throws {
        let test = try await TestEnvironment.make(.booking)
        let database = try await test.environment.openDatabase(migrations: [
            Migration(number: 1, name: "keys", statements: IdempotencyStore.statements)
        ])
        let requests = IdempotentRequests(
            database: database, fingerprinter: test.environment.fingerprinter, clock: test.clock)
        let router = test.environment.makeRouter()
        for path in ["/orders", "/refunds"] {
            router.post(RouterPath(path)) { request, context in
                let user = try context.requireIdentity().userID
                let buffer = try await request.body.collect(upTo: context.maxUploadSize)
                return try await requests.perform(request, body: buffer, scope: user) {
                    try await Self.act(String(buffer: buffer), shop)
                }
            }
        }
        let responder = RunningService.responder(ServiceParts(router: router), test.environment)
        try await Application(responder: responder).test(.router) { client in
            try await body(Calls(client: client, test: test))
        }
        await test.close()
    }

    private static func act(_ wish: String, _ shop: Shop) async throws -> Response {
        let number = shop.execute()
        switch wish {
        case "decline": throw Problem.paymentRequired(code: "payment-declined")
        case "conflict": throw Problem.conflict(code: "sold-out")
        case "fail": throw ProblemMappingTests.Unknown()
        case "hold":
            while shop.isHeld.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        case "wait": return try Response.json(["order": number], status: .accepted)
        default: break
        }
        return try Response.json(["order": number], status: .created)
    }

    struct Calls: Sendable {
        let client: any TestClientProtocol
        let test: TestEnvironment

        func post(
            _ wish: String, key: String? = "k", user: String = "u", path: String = "/orders"
        ) async throws -> TestResponse {
            var headers: HTTPFields = [.authorization: test.bearer(user)]
            headers[.idempotencyKey] = key
            return try await client.execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: wish))
        }
    }

    @Test func `a 202 is not the answer yet: a repeat is executed`() async throws {
        try await run { calls in
            for number in 1...2 {
                let reply = try await calls.post("wait")
                #expect(reply.status == .accepted && reply.headers[.idempotentReplayed] == nil)
                #expect(String(buffer: reply.body).contains("\(number)"))
            }
        }
    }

    @Test func `a repeat gets the same status and body and says so`() async throws {
        try await run { calls in
            let first = try await calls.post("buy")
            #expect(first.status == .created)
            #expect(first.headers[.idempotentReplayed] == nil)
            let second = try await calls.post("buy")
            #expect(second.status == .created)
            #expect(second.body == first.body)
            #expect(second.headers[.contentType] == first.headers[.contentType])
            #expect(second.headers[.idempotentReplayed] == "true")
        }
    }

    @Test func `another body, or another route, under the same key is 422`() async throws {
        try await run { calls in
            _ = try await calls.post("buy")
            for reply in [try await calls.post("buy more"), try await calls.post("buy", path: "/refunds")] {
                #expect(reply.status.code == 422)
                #expect(reply.problem?.code == "idempotency-key-reused")
            }
        }
    }

    @Test func `another user's key is their own`() async throws {
        try await run { calls in
            _ = try await calls.post("buy", user: "u")
            let other = try await calls.post("sell", user: "v")
            #expect(other.status == .created)
            #expect(String(buffer: other.body) == #"{"order":2}"#)
        }
    }

    @Test func `a declined payment is kept, a conflict and a failure are not`() async throws {
        let shop = Shop()
        try await run(shop) { calls in
            for (wish, status, executions) in [("decline", 402, 1), ("conflict", 409, 2), ("fail", 500, 2)] {
                shop.executions.withLock { $0 = 0 }
                let first = try await calls.post(wish, key: wish)
                let second = try await calls.post(wish, key: wish)
                #expect(first.status.code == status)
                #expect(second.status.code == status)
                #expect((second.headers[.idempotentReplayed] == "true") == (status == 402))
                if status == 402 { #expect(first.body == second.body) }
                #expect(shop.executions.withLock { $0 } == executions, "\(wish)")
            }
        }
    }

    @Test func `a repeat while the first is in flight is 409 with Retry-After`() async throws {
        let shop = Shop()
        shop.isHeld.withLock { $0 = true }
        try await run(shop) { calls in
            async let first = calls.post("hold")
            try await eventually { shop.executions.withLock { $0 } == 1 }
            let second = try await calls.post("hold")
            #expect(second.status == .conflict)
            #expect(second.problem?.code == "request-in-progress")
            #expect(second.headers[.retryAfter] == "5")
            shop.isHeld.withLock { $0 = false }
            #expect(try await first.status == .created)
            #expect(try await calls.post("hold").headers[.idempotentReplayed] == "true")
        }
    }

    @Test func `twenty at once execute once`() async throws {
        let shop = Shop()
        try await run(shop) { calls in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await calls.post("buy").status.code } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 201 || $0 == 409 })
            #expect(statuses.contains(201))
            #expect(shop.executions.withLock { $0 } == 1)
        }
    }

    @Test func `without a key every request is its own, and a bad key is 400`() async throws {
        try await run { calls in
            #expect(String(buffer: try await calls.post("buy", key: nil).body) == #"{"order":1}"#)
            #expect(String(buffer: try await calls.post("buy", key: nil).body) == #"{"order":2}"#)
            let bad = try await calls.post("buy", key: String(repeating: "x", count: 300))
            #expect(bad.status == .badRequest)
            #expect(bad.problem?.code == "idempotency-key-invalid")
        }
    }
}
