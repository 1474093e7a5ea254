import Contracts
import HTTPKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@Suite struct ServiceResponderTests {
    struct Order: Codable, Sendable {
        struct Item: Codable, Sendable { let quantity: Int }
        let name: String
        let items: [Item]
    }

    private func harness(_ settings: [String: String] = [:]) throws -> ResponderHarness {
        try ResponderHarness(settings: settings) { router in
            router.get("/who") { _, context in try Reply(["id": context.requireIdentity().userID]) }
            router.get("/admin") { _, context in try Reply(["id": context.requireAdmin().userID]) }
            router.get("/open") { _, context in Reply(["id": context.identity?.userID ?? "nobody"]) }
            router.post("/orders") { request, context in
                Reply.created(try await request.decode(as: Order.self, context: context))
            }
            router.get("/orders/:id") { _, context in Reply(["id": try context.parameter("id")]) }
            router.put("/orders/:id") { _, _ in Response.noContent }
            router.get("/trace") { _, context in Reply(["header": context.traceparent.header]) }
            router.get("/slow") { _, _ in
                try await Task.sleep(for: .seconds(60))
                return Response.noContent
            }
            router.get("/hung") { _, context -> Response in
                // Goes on before anything could cancel it, as a process does that was paused.
                while !context.deadline.hasPassed {}
                throw CancellationError()
            }
            router.get("/left") { _, context in Reply(context.deadline.remaining.wholeMilliseconds) }
            router.internalRoutes().get("secret") { _, context in Reply(["caller": context.caller?.rawValue ?? "?"]) }
        }
    }

    @Test func `without a token 401, with one the identity, with a bad one 401 even where none is needed`() async throws
    {
        let harness = try harness()
        try await harness.run { client in
            let missing = try await client.execute(uri: "/who", method: .get)
            #expect(missing.status == .unauthorized)
            #expect(missing.isProblem)
            #expect(missing.problem?.code == "unauthorized")
            #expect(missing.headers[.wwwAuthenticate] == "Bearer")
            let headers: HTTPFields = [.authorization: harness.test.bearer("u-1")]
            let known = try await client.execute(uri: "/who", method: .get, headers: headers)
            #expect(String(buffer: known.body) == #"{"id":"u-1"}"#)
            #expect(known.headers[.contentType] == "application/json")
            for value in ["Bearer x.y.z", "Bearer", "Basic abc", "bearer", "", "Bearer  "] {
                let bad = try await client.execute(uri: "/open", method: .get, headers: [.authorization: value])
                #expect(bad.status == .unauthorized, "\(value)")
            }
            let open = try await client.execute(uri: "/open", method: .get)
            #expect(String(buffer: open.body) == #"{"id":"nobody"}"#)
        }
    }

    @Test func `an admin's route is closed to users and guests`() async throws {
        let harness = try harness()
        try await harness.run { client in
            for (role, status) in [(UserRole.guest, 403), (.user, 403), (.admin, 200)] {
                let headers: HTTPFields = [.authorization: harness.test.bearer("u", role)]
                let reply = try await client.execute(uri: "/admin", method: .get, headers: headers)
                #expect(reply.status.code == status)
            }
        }
    }

    @Test func `internal routes open to services only, under every spelling of their path`() async throws {
        let harness = try harness()
        try await harness.run { client in
            let service: HTTPFields = [.authorization: harness.test.internalBearer(from: .booking)]
            let good = try await client.execute(uri: "/internal/secret", method: .get, headers: service)
            #expect(String(buffer: good.body) == #"{"caller":"booking"}"#)
            for path in [
                "/internal/secret", "//internal/secret", "/internal//secret", "/internal/secret?x=/",
                "/internal/secret/",
            ] {
                for headers in [HTTPFields(), [.authorization: harness.test.bearer("u", .admin)]] {
                    let refused = try await client.execute(uri: path, method: .get, headers: headers)
                    #expect(refused.status == .unauthorized, "\(path)")
                    #expect(refused.isProblem)
                }
            }
            let elsewhere = try await client.execute(uri: "/open", method: .get, headers: service)
            #expect(elsewhere.status == .unauthorized)
        }
    }

    @Test func `malformed JSON is 400, wrong fields are 422 by their path`() async throws {
        let cases: [(body: String, status: Int, code: String, field: String?)] = [
            ("", 400, "malformed-json", nil), ("{", 400, "malformed-json", nil),
            ("{\"name\":\"x\"} x", 400, "malformed-json", nil),
            (#"{"items":[]}"#, 422, "invalid-fields", "name"),
            (#"{"name":5,"items":[]}"#, 422, "invalid-fields", "name"),
            (#"{"name":"x","items":{}}"#, 422, "invalid-fields", "items"),
            (#"{"name":null,"items":[]}"#, 422, "invalid-fields", "name"),
            (#"{"name":"x","items":[{"quantity":1},{"quantity":"2"}]}"#, 422, "invalid-fields", "items[1].quantity"),
            (#"{"name":"x","items":[{"quantity":1.5}]}"#, 422, "invalid-fields", "body"),
            (#"{"name":"x","items":[{"quantity":99999999999999999999}]}"#, 422, "invalid-fields", "body"),
            ("[]", 422, "invalid-fields", "body"), ("7", 422, "invalid-fields", "body"),
        ]
        try await harness().run { client in
            for (body, status, code, field) in cases {
                let reply = try await client.execute(uri: "/orders", method: .post, body: ByteBuffer(string: body))
                #expect(reply.status.code == status, "\(body)")
                #expect(reply.problem?.code == code, "\(body)")
                #expect(reply.problem?.errors?.first?.field == field, "\(body)")
                #expect(reply.problem?.instance == "/orders")
            }
            let good = ByteBuffer(string: #"{"name":"x","items":[{"quantity":1}],"unknown":true}"#)
            let reply = try await client.execute(uri: "/orders", method: .post, body: good)
            #expect(reply.status == .created)
        }
    }

    @Test func `a body over the limit is 413, declared or not`() async throws {
        let harness = try harness(["BODY_BYTES_MAX": "2048"])
        try await harness.run { client in
            let body = ByteBuffer(repeating: UInt8(ascii: " "), count: 4096)
            let declared = try await client.execute(uri: "/orders", method: .post, body: body)
            #expect(declared.status.code == 413)
            #expect(declared.problem?.code == "payload-too-large")
        }
        let small = try ResponderHarness(settings: ["BODY_BYTES_MAX": "2048"]) { router in
            router.post("/") { request, context in
                var chunked = request
                let body = try await request.body.collect(upTo: 1 << 20)
                chunked.body = RequestBody(
                    asyncSequence: AsyncStream { continuation in
                        for _ in 0..<3 { continuation.yield(body) }
                        continuation.finish()
                    })
                return Reply(try await chunked.decode(as: [String].self, context: context))
            }
        }
        try await small.run { client in
            let body = ByteBuffer(repeating: UInt8(ascii: " "), count: 1024)
            let reply = try await client.execute(uri: "/", method: .post, body: body)
            #expect(reply.status.code == 413)
            #expect(reply.isProblem)
        }
    }

    @Test func `an unknown address is 404, a known one with another method 405 with Allow`() async throws {
        try await harness().run { client in
            let unknown = try await client.execute(uri: "/nowhere", method: .get)
            #expect(unknown.status == .notFound)
            #expect(unknown.problem?.code == "not-found")
            let wrong = try await client.execute(uri: "/orders/5", method: .delete)
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.problem?.code == "method-not-allowed")
            #expect(wrong.headers[.allow]?.contains("GET") == true)
            #expect(wrong.headers[.allow]?.contains("PUT") == true)
            let trace = try await client.execute(uri: "/orders/5", method: .trace)
            #expect(trace.status == .methodNotAllowed)
        }
    }

    @Test func `a trace goes on in a span of its own`() async throws {
        try await harness().run { client in
            let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let reply = try await client.execute(uri: "/trace", method: .get, headers: [.traceparent: header])
            let text = String(buffer: reply.body)
            #expect(text.contains("0af7651916cd43dd8448eb211c80319c"))
            #expect(!text.contains("b7ad6b7169203331"))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `at the deadline the answer is 503`() async throws {
        let harness = try harness(["REQUEST_SECONDS": "0.3"])
        try await harness.run { client in
            let slow = try await client.execute(uri: "/slow", method: .get)
            #expect(slow.status == .serviceUnavailable)
            #expect(slow.problem?.code == "deadline-exceeded")
            #expect(slow.headers[.retryAfter] == "1")
            let hung = try await client.execute(uri: "/hung", method: .get, headers: [.requestDeadline: "5"])
            #expect(hung.problem?.code == "deadline-exceeded")
        }
    }

    @Test func `a caller can shorten the time there is, not lengthen it`() async throws {
        let harness = try harness(["REQUEST_SECONDS": "30"])
        try await harness.run { client in
            // None is given when the text is no time.
            for (text, most) in [("60000", 30_000), ("20000", 20_000), ("-5", 30_000), ("soon", 30_000), ("", 30_000)] {
                let reply = try await client.execute(uri: "/left", method: .get, headers: [.requestDeadline: text])
                let left = try WireJSON.decode(Int.self, from: reply.body)
                #expect((most - 9_999...most).contains(left), "\(text)")
            }
        }
    }

    @Test func `what no database keeps and what is slow to compare is refused before it is read`() async throws {
        let harness = try harness()
        let marks = String(repeating: "\u{301}\u{316}", count: 100_000)
        try await harness.run { client in
            for (body, field) in [
                (#"{"name":"a\u0000b","items":[]}"#, "name"), (#"{"name":"a","items":[],"\#(marks)":1}"#, "body"),
            ] {
                let reply = try await client.execute(uri: "/orders", method: .post, body: ByteBuffer(string: body))
                #expect(reply.status.code == 422)
                #expect(reply.problem?.errors?.map(\.field) == [field])
            }
            let bearer: HTTPFields = [.authorization: "Bearer \(marks.prefix(1_000))"]
            #expect(try await client.execute(uri: "/open", method: .get, headers: bearer).status == .unauthorized)
        }
    }

    @Test func `requests are counted by route, not by path`() async throws {
        let harness = try harness()
        try await harness.run { client in
            for id in ["1", "2", "3"] { _ = try await client.execute(uri: "/orders/\(id)", method: .get) }
            _ = try await client.execute(uri: "/nowhere/\(1)", method: .get)
            let text = String(buffer: try await client.execute(uri: "/metrics", method: .get).body)
            #expect(text.contains(#"http_request_seconds_count{method="GET",route="/orders/{id}",status="200"} 3"#))
            #expect(text.contains(#"http_request_seconds_count{method="GET",route="unmatched",status="404"} 1"#))
        }
    }

    @Test func `readiness tells what is wrong, liveness does not care`() async throws {
        struct Down: Error, CustomStringConvertible { let description = "no connection" }
        let checks = [
            ReadinessCheck("redis") { throw Down() },
            ReadinessCheck("slow") { try await Task.sleep(for: .seconds(60)) }, ReadinessCheck("fine") {},
        ]
        let harness = try ResponderHarness(readiness: checks) { _ in }
        try await harness.run { client in
            let live = try await client.execute(uri: "/health/live", method: .get)
            #expect(live.status == .ok)
            let ready = try await client.execute(uri: "/health/ready", method: .get)
            #expect(ready.status == .serviceUnavailable)
            let report = try WireJSON.decode(Health.Report.self, from: ready.body)
            #expect(report.status == "unavailable")
            #expect(report.checks["redis"] == "failed: no connection")
            #expect(report.checks["fine"] == "ok")
            #expect(report.checks["slow"] == "no answer within 1 s")
        }
    }
}
