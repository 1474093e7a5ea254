import HTTPKit
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import gateway

@Suite("Header fields on their way through", .timeLimit(.minutes(1)))
struct FieldTests {
    /// The fields that arrived at the service.
    private func arriving(_ fields: [String]) async throws -> HeaderFields {
        try await TestGateway.with(echo) { gateway, _ in
            let body = try await gateway.response("GET /api/events", fields).body
            return try RequestHead(parsing: ByteBuffer(string: body)).fields
        }
    }

    @Test(
        "what only the gateway may say is dropped in every spelling",
        arguments: [
            "X-Forwarded-For: 6.6.6.6", "x-forwarded-for: 6.6.6.6", "X_Forwarded_For: 6.6.6.6",
            "X-FORWARDED-HOST: evil", "X-Forwarded-Proto: https", "X-Forwarded-Anything: evil",
            "Forwarded: for=6.6.6.6",
            "X-Real-IP: 6.6.6.6", "x_real_ip: 6.6.6.6", "X-User-ID: evil", "x-user-id: evil", "X_USER_ID: evil",
            "x-User_Id: evil", "X-User-Role: evil", "Request-Deadline-Ms: 666", "request_deadline_ms: 666",
            "X-Internal-Token: evil", "X-Original-URL: /internal", "X-Rewrite-URL: /internal",
            "X-HTTP-Method-Override: DELETE", "True-Client-IP: 6.6.6.6", "X-Client-IP: 6.6.6.6", "Via: 1.1 evil",
        ])
    func spoofing(_ field: String) async throws {
        let fields = try await arriving([field, field, "X-Other: stays"])
        let name = field.prefix { $0 != ":" }
        let value = field.dropFirst(name.count + 2)
        #expect(!fields.contains { $0.value == value })
        #expect(fields.all("X-Forwarded-For") == ["127.0.0.1"])
        #expect(fields.all("Request-Deadline-Ms") == ["9800"])
        #expect(fields.all("X-Other") == ["stays"])
    }

    @Test("fields of the connection and those that Connection names end here")
    func hopByHop() async throws {
        let fields = try await arriving([
            "Keep-Alive: timeout=5", "Proxy-Authorization: x", "Proxy-Connection: keep-alive", "TE: trailers",
            "Trailer: X", "Upgrade: websocket", "Connection: X-Mine, upgrade", "X-Mine: 1", "Accept: */*",
        ])
        #expect(
            fields.map { $0.name.lowercased() }.sorted() == [
                "accept", "host", "request-deadline-ms", "traceparent", "x-forwarded-for",
            ])
    }

    @Test("Connection takes away nothing that the gateway says, nor what frames the message")
    func connectionCannotStrip() async throws {
        try await TestGateway.with(echo) { gateway, _ in
            let fields = [
                "Connection: X-Forwarded-For, traceparent, Request-Deadline-Ms, Host, Content-Length, X-User-ID",
                "X-User-ID: evil",
            ]
            let response = try await gateway.response("POST /api/events", fields, body: "hello")
            let arrived = try RequestHead(parsing: ByteBuffer(string: String(response.body.dropLast(5)))).fields
            #expect(response.body.hasSuffix("hello"))
            #expect(arrived.all("X-Forwarded-For") == ["127.0.0.1"])
            #expect(arrived.all("Host") == ["test"])
            #expect(arrived.all("Content-Length") == ["5"])
            #expect(arrived.all("Request-Deadline-Ms").count == 1)
            #expect(arrived.all("traceparent").count == 1)
            #expect(!arrived.contains("X-User-ID"))
        }
    }

    @Test(
        "a trace is continued when it is well-formed, else begun, and the client learns it",
        arguments: [
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
            ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false),
            ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false), ("nonsense", false), ("", false),
        ])
    func traces(_ trace: String, _ isKept: Bool) async throws {
        try await TestGateway.with(echo) { gateway, _ in
            let response = try await gateway.response("GET /api/events", trace.isEmpty ? [] : ["traceparent: \(trace)"])
            let arrived = try RequestHead(parsing: ByteBuffer(string: response.body)).fields.all("traceparent")
            #expect(response.fields.all("traceparent") == arrived)
            #expect(arrived.count == 1)
            #expect((arrived == [trace]) == isKept)
            #expect(arrived.allSatisfy { TraceParent(parsing: $0) != nil })
        }
    }

    @Test("two traces are none")
    func twoTraces() async throws {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let arrived = try await arriving(["traceparent: \(trace)", "traceparent: \(trace)"]).all("traceparent")
        #expect(arrived.count == 1)
        #expect(arrived != [trace])
    }

    @Test("of a response the fields of the service's connection stay behind")
    func responseFields() async throws {
        let head =
            "HTTP/1.1 200 Fine\r\nX-A: 1\r\nConnection: X-B\r\nX-B: 2\r\nKeep-Alive: timeout=5\r\nX-A: 3\r\n"
            + "traceparent: evil\r\nContent-Length: 2\r\n\r\nok"
        try await TestGateway.with(answering(head)) { gateway, _ in
            let response = try await gateway.response("GET /api/events")
            #expect(response.head.hasPrefix("HTTP/1.1 200 Fine\r\n"))
            #expect(response.fields.all("X-A") == ["1", "3"])
            #expect(!response.fields.contains("X-B"))
            #expect(!response.fields.contains("Keep-Alive"))
            #expect(response.fields.all("Connection") == ["close"])
            #expect(response.fields.all("traceparent") != ["evil"])
            #expect(response.body == "ok")
        }
    }
}
