import HTTPKit
import NIOCore
import TestSupport
import Testing

@testable import gateway

@Suite("Forwarding", .timeLimit(.minutes(1)))
struct ForwardingTests {
    @Test("a client's connection carries one request after another, and so does the service's")
    func keepAlive() async throws {
        try await TestGateway.with(echo) { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                for number in 0..<50 {
                    try await client.write(
                        "POST /api/auth/\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
                    let response = try await client.readResponse()
                    #expect(response.status == 200)
                    #expect(response.body.hasPrefix("POST /api/auth/\(number) "))
                    #expect(response.body.hasSuffix("\r\n\r\nbody"))
                    #expect(!response.fields.contains("connection"))
                }
            }
            #expect(server.acceptedCount == 1)
        }
    }

    @Test("requests sent ahead are answered one by one in their order", arguments: [1, 7, 100_000])
    func pipelining(_ size: Int) async throws {
        try await TestGateway.with(echo) { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                var text = ""
                for number in 0..<20 {
                    let method = number % 2 == 0 ? "GET" : "POST"
                    let body = number % 2 == 0 ? "" : "body \(number)"
                    text += "\(method) /api/auth/\(number) HTTP/1.1\r\nHost: a\r\n"
                    text += body.isEmpty ? "\r\n" : "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                }
                let bytes = Array(text.utf8)
                for start in stride(from: 0, to: bytes.count, by: size) {
                    try await client.write(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
                }
                for number in 0..<20 {
                    let response = try await client.readResponse()
                    #expect(response.body.contains(" /api/auth/\(number) HTTP/1.1\r\n"))
                    #expect(response.body.hasSuffix(number % 2 == 0 ? "\r\n\r\n" : "body \(number)"))
                }
            }
            // One at a time: the service never saw two of them at once.
            #expect(server.acceptedCount == 1)
        }
    }

    @Test("a HEAD gets the fields and no body, and the connection stays in step")
    func head() async throws {
        try await TestGateway.with(echo) { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                for _ in 0..<3 {
                    try await client.write("HEAD /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                    let response = try await client.readResponse(isHead: true)
                    #expect(response.status == 200)
                    #expect(response.fields.first("content-length") != "0")
                }
                try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.readResponse().body.hasPrefix("GET "))
            }
            #expect(server.acceptedCount == 1)
        }
    }

    @Test(
        "responses without a body end at once",
        arguments: [
            "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 9\r\n\r\n",
        ])
    func bodyless(_ text: String) async throws {
        try await TestGateway.with(answering(text)) { gateway, _ in
            try await RawClient.with(gateway.endpoint) { client in
                for _ in 0..<3 {
                    try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                    let head = try await client.readHead()
                    #expect(head.hasPrefix(String(text.prefix(12))))
                }
            }
        }
    }

    @Test("a chunked response stays chunked, one without length becomes so")
    func chunkedResponses() async throws {
        for response in [
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\nhello",
        ] {
            try await TestGateway.with { connection, _ in
                _ = try await connection.readRequest()
                try await connection.write(response)
            } _: { gateway, _ in
                let received = try await gateway.response("GET /api/events")
                #expect(received.fields.all("transfer-encoding") == ["chunked"])
                #expect(received.body == "5\r\nhello\r\n0\r\n\r\n")
            }
        }
    }

    @Test("HTTP/1.0 gets bytes until the connection ends")
    func http10() async throws {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        try await TestGateway.with(answering(chunked)) { gateway, _ in
            let response = try RawResponse(try await gateway.exchange("GET /api/events HTTP/1.0\r\n\r\n"))
            #expect(response.status == 200)
            #expect(response.body == "hello")
            #expect(!response.fields.contains("transfer-encoding"))
            #expect(response.fields.first("connection") == "close")
        }
    }

    @Test("the service is told a Host when HTTP/1.0 names none")
    func http10Host() async throws {
        try await TestGateway.with(echo) { gateway, server in
            let response = try RawResponse(try await gateway.exchange("GET /api/events HTTP/1.0\r\n\r\n"))
            #expect(response.body.contains("\r\nHost: \(server.endpoint.authority)\r\n"))
            #expect(response.body.hasPrefix("GET /api/events HTTP/1.1\r\n"))
        }
    }

    @Test("a client that asks first is told to continue, and the service is not asked")
    func continues() async throws {
        try await TestGateway.with(echo) { gateway, _ in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write(
                    "POST /api/auth HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                #expect(try await client.readHead() == "HTTP/1.1 100 Continue\r\n\r\n")
                try await client.write("hello")
                let response = try await client.readResponse()
                #expect(response.body.hasSuffix("hello"))
                #expect(!response.body.contains("Expect"))
            }
        }
    }

    @Test("early hints pass, and a 100 of the service does not")
    func interim() async throws {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
        try await TestGateway.with(answering(text)) { gateway, _ in
            let reply = try await gateway.exchange(
                "GET /api/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(reply.hasPrefix("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204 No Content\r\n"))
        }
    }

    @Test("bodies of megabytes pass both ways unchanged")
    func largeBodies() async throws {
        var limits = GatewayLimits()
        limits.bodyBytesMax = 8 * 1_048_576
        let body = String(repeating: "0123456789abcdef", count: 4 * 65_536)
        try await TestGateway.with(limits: limits, echo) { gateway, _ in
            let response = try await gateway.response("POST /api/events", body: body)
            #expect(response.status == 200)
            #expect(response.body.hasSuffix(body))
            #expect(response.fields.first("content-length") == String(response.body.utf8.count))
        }
    }

    @Test("64 clients at once get their own responses")
    func concurrency() async throws {
        try await TestGateway.with(echo) { gateway, _ in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for client in 0..<64 {
                    group.addTask {
                        try await RawClient.with(gateway.endpoint) { connection in
                            var wrong = 0
                            for number in 0..<50 {
                                let target = "/api/events/\(client)-\(number)"
                                try await connection.write("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
                                let response = try await connection.readResponse()
                                if !response.body.hasPrefix("GET \(target) ") { wrong += 1 }
                            }
                            return wrong
                        }
                    }
                }
                let wrong = try await group.reduce(0, +)
                #expect(wrong == 0)
            }
        }
    }
}
