import HTTPKit
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import gateway

@Suite("Limits", .timeLimit(.minutes(1)))
struct LimitTests {
    private func small() -> GatewayLimits {
        var limits = GatewayLimits()
        limits.bodyBytesMax = 1_000
        limits.head = .init(requestLineBytesMax: 200, headBytesMax: 1_000)
        return limits
    }

    @Test("an announced body over the limit is 413 without reading it")
    func announcedBody() async throws {
        try await TestGateway.with(limits: small(), echo) { gateway, server in
            let text = "POST /api/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"
            let response = try RawResponse(try await gateway.exchange(text + String(repeating: "x", count: 1_001)))
            #expect(response.status == 413)
            #expect(response.code == "payload-too-large")
            #expect(response.fields.first("connection") == "close")
            #expect(server.acceptedCount == 0)
        }
    }

    @Test("a chunked body over the limit is 413, and the service sees no complete request")
    func chunkedBody() async throws {
        let completed = Counter()
        try await TestGateway.with(limits: small()) { connection, _ in
            _ = try await connection.read(through: "0\r\n\r\n")
            completed.add(1)
        } _: { gateway, server in
            let chunk = "100\r\n\(String(repeating: "x", count: 256))\r\n"
            let text = "POST /api/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            let body = String(repeating: chunk, count: 5) + "0\r\n\r\n"
            let response = try RawResponse(try await gateway.exchange(text + body))
            #expect(response.status == 413)
            try await eventually { server.openCount == 0 }
            #expect(completed.value == 0)
        }
    }

    @Test("a refusal is read by a client that goes on sending")
    func refusalWhileSending() async throws {
        try await TestGateway.with(limits: small(), echo) { gateway, _ in
            let length = 3_000_000
            let text = "POST /api/events HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n"
            let response = try RawResponse(try await gateway.exchange(text + String(repeating: "x", count: length)))
            #expect(response.status == 413)
        }
    }

    @Test("a head over the limit is 431, a request line over its limit 414")
    func heads() async throws {
        try await TestGateway.with(limits: small(), echo) { gateway, _ in
            let long = try await gateway.response("GET /api/events", ["X: \(String(repeating: "x", count: 1_000))"])
            #expect(long.status == 431)
            #expect(long.code == "head-too-large")
            let many = try await gateway.response("GET /api/events", (0..<150).map { "\($0):" })
            #expect(many.status == 431)
            let line = try await gateway.response("GET /api/events?\(String(repeating: "x", count: 200))")
            #expect(line.status == 414)
            #expect(line.code == "target-too-long")
            let endless = try RawResponse(try await gateway.exchange(String(repeating: "x", count: 5_000)))
            #expect(endless.status == 414)
        }
    }

    @Test("other versions are 505, other methods 405 and 501")
    func versionsAndMethods() async throws {
        try await TestGateway.with(echo) { gateway, server in
            let two = try RawResponse(try await gateway.exchange("GET / HTTP/2.0\r\nHost: a\r\n\r\n"))
            #expect(two.status == 505)
            let trace = try await gateway.response("TRACE /api/events")
            #expect(trace.status == 405)
            #expect(trace.fields.contains("allow"))
            try await gateway.expectStatus(501, "CONNECT /api/events")
            try await gateway.expectStatus(501, "BREW /api/events")
            try await gateway.expectStatus(501, "CONNECT events:80")
            #expect(server.acceptedCount == 0)
        }
    }

    @Test("past the limit of requests under way a service is 503 overloaded at once, the others go on")
    func inFlight() async throws {
        var limits = GatewayLimits()
        limits.inFlightMax = 2
        try await TestGateway.with(limits: limits) { connection, _ in
            while true {
                let (head, _) = try await connection.readRequest()
                if head.hasPrefix("GET /api/events") { return await connection.drain() }
                try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
            }
        } _: { gateway, server in
            try await RawClient.with(gateway.endpoint) { first in
                try await RawClient.with(gateway.endpoint) { second in
                    try await first.write("GET /api/events/1 HTTP/1.1\r\nHost: a\r\n\r\n")
                    try await second.write("GET /api/events/2 HTTP/1.1\r\nHost: a\r\n\r\n")
                    try await eventually { server.acceptedCount == 2 }
                    let refused = try await gateway.response("GET /api/events/3")
                    #expect(refused.status == 503)
                    #expect(refused.code == "overloaded")
                    #expect(refused.fields.first("retry-after") == "1")
                    try await gateway.expectStatus(204, "GET /api/search")
                }
            }
            // Those who left made room again.
            try await eventually { server.openCount <= 1 }
            #expect(gateway.metrics.render().contains("gateway_requests_in_flight{upstream=\"events\"} 0"))
        }
    }

    @Test("connections past the limit are told so and closed")
    func clientConnections() async throws {
        var limits = GatewayLimits()
        limits.clientConnectionsMax = 2
        try await TestGateway.with(limits: limits, echo) { gateway, _ in
            try await RawClient.with(gateway.endpoint) { first in
                try await first.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await first.readResponse()
                try await RawClient.with(gateway.endpoint) { second in
                    try await second.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                    _ = try await second.readResponse()
                    let refused = try await RawClient.with(gateway.endpoint) { await $0.readToEnd() }
                    #expect(refused.hasPrefix("HTTP/1.1 503 "))
                }
            }
            try await eventually {
                let retry = try await gateway.exchange(
                    "GET /api/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                return retry.hasPrefix("HTTP/1.1 200 ")
            }
        }
    }
}
