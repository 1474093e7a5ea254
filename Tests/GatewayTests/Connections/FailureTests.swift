import Contracts
import HTTPKit
import NIOCore
import TestSupport
import Testing

@testable import gateway

@Suite("Services that fail", .timeLimit(.minutes(1)))
struct FailureTests {
    @Test("nothing listens: 503 dependency-unavailable")
    func unreachable() async throws {
        // A port below 1024 is never given to another test's server, as one that was just free may be.
        let nowhere = Endpoint(host: "127.0.0.1", port: 1)
        try await TestGateway.with(endpoints: [.events: [nowhere]]) { gateway in
            for line in ["GET /api/events", "POST /api/events", "GET /api/search"] {
                let response = try await gateway.response(line)
                #expect(response.status == 503)
                #expect(response.code == "dependency-unavailable")
                #expect(response.fields.first("retry-after") == "1")
                #expect(response.body.contains(line.split(separator: " ")[1]))
            }
        }
    }

    @Test("a service that does not answer in time: 504 deadline-exceeded, and its connection is not used again")
    func deadline() async throws {
        var limits = GatewayLimits()
        limits.requestTimeout = .seconds(1)
        try await TestGateway.with(limits: limits) { connection, number in
            _ = try await connection.readRequest()
            if number == 0 { return await connection.drain() }
            try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
        } _: { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try await client.readResponse()
                #expect(response.status == 504)
                #expect(response.code == "deadline-exceeded")
                // The client's connection is none the worse for it.
                try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.readHead().hasPrefix("HTTP/1.1 204 "))
            }
            #expect(server.acceptedCount == 2)
        }
    }

    @Test("a GET whose connection ends without an answer is sent once more, unseen")
    func retriedGet() async throws {
        try await TestGateway.with { connection, number in
            _ = try await connection.readRequest()
            if number > 0 { try await connection.write("HTTP/1.1 204 No Content\r\n\r\n") }
        } _: { gateway, server in
            try await gateway.expectStatus(204, "GET /api/events")
            #expect(server.acceptedCount == 2)
        }
    }

    @Test("only once")
    func retriedOnce() async throws {
        try await TestGateway.with { connection, _ in
            _ = try await connection.readRequest()
        } _: { gateway, server in
            let response = try await gateway.response("GET /api/events")
            #expect(response.status == 503)
            #expect(response.code == "dependency-unavailable")
            #expect(server.acceptedCount == 2)
        }
    }

    @Test("a PUT with its small body is repeated whole")
    func retriedPut() async throws {
        try await TestGateway.with { connection, number in
            let (head, body) = try await connection.readRequest()
            guard number > 0 else { return }
            let text = head + body
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
        } _: { gateway, server in
            let response = try await gateway.response("PUT /api/events/1", body: "hello")
            #expect(response.status == 200)
            #expect(response.body.hasSuffix("\r\n\r\nhello"))
            #expect(server.acceptedCount == 2)
        }
    }

    @Test("a POST is never sent twice")
    func noRetryForPost() async throws {
        try await TestGateway.with { connection, _ in
            _ = try await connection.readRequest()
        } _: { gateway, server in
            let response = try await gateway.response("POST /api/bookings", body: "{}")
            #expect(response.status == 503)
            #expect(response.body.contains("not known"))
            #expect(server.acceptedCount == 1)
        }
    }

    @Test("a GET is not repeated once any of its answer has come")
    func noRetryAfterBytes() async throws {
        try await TestGateway.with { connection, _ in
            _ = try await connection.readRequest()
            try await connection.write("HTTP/1.1 200")
        } _: { gateway, server in
            try await gateway.expectStatus(503, "GET /api/events")
            #expect(server.acceptedCount == 1)
        }
    }

    @Test(
        "what is not HTTP/1.1 is not passed on",
        arguments: [
            "garbage\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n",
        ])
    func malformed(_ text: String) async throws {
        try await TestGateway.with(answering(text)) { gateway, _ in
            let response = try await gateway.response("GET /api/events")
            #expect(response.status == 503)
            #expect(response.code == "dependency-unavailable")
        }
    }

    @Test("a response that ends too early ends the client's connection too, so that nobody takes it for whole")
    func truncated() async throws {
        for text in [
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        ] {
            try await TestGateway.with { connection, _ in
                _ = try await connection.readRequest()
                try await connection.write(text)
            } _: { gateway, _ in
                let reply = try await gateway.exchange("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(reply.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(!reply.hasSuffix("0\r\n\r\n"))
            }
        }
    }

    @Test("bytes after a response are nobody's response")
    func excess() async throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        try await TestGateway.with(answering("\(text)HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")) {
            gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                for _ in 0..<3 {
                    try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try await client.readResponse().body == "ok")
                }
            }
            #expect(server.acceptedCount == 3)
        }
    }

    @Test("an answer before the end of the body is passed on, and the connection ends after it")
    func earlyAnswer() async throws {
        try await TestGateway.with { connection, _ in
            _ = try await connection.readHead()
            try await connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
            await connection.drain()
        } _: { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                // More than waits at the gateway for the rest of it.
                let begin = String(repeating: "b", count: GatewayLimits().pendingBytesMax)
                try await client.write(
                    "POST /api/events HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n\(begin)")
                let response = try await client.readResponse()
                #expect(response.status == 403)
                #expect(response.fields.first("connection") == "close")
                #expect(response.body == "no")
            }
            try await eventually { server.openCount == 0 }
        }
    }

    @Test("a client that leaves ends the request at the service")
    func clientLeaves() async throws {
        try await TestGateway.with { connection, _ in
            _ = try await connection.readRequest()
            await connection.drain()
        } _: { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                try await eventually { server.openCount == 1 }
            }
            try await eventually { server.openCount == 0 }
        }
    }
}
