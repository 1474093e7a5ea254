import HTTPKit
import NIOCore
import TestSupport
import Testing

@testable import gateway

@Suite("Slow clients", .timeLimit(.minutes(1)))
struct SlowClientTests {
    private func impatient(idle: TimeAmount = .seconds(75)) -> GatewayLimits {
        var limits = GatewayLimits()
        limits.headTimeout = .milliseconds(200)
        limits.bodyGrace = .milliseconds(200)
        limits.idleTimeout = idle
        limits.stallTimeout = .milliseconds(300)
        limits.lingerTimeout = .milliseconds(200)
        limits.bodyBytesPerSecondMin = 10_000
        return limits
    }

    @Test("a head that stops is 408")
    func slowHead() async throws {
        try await TestGateway.with(limits: impatient(), echo) { gateway, _ in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write("GET /api/events HTTP/1.1\r\nX: ")
                let response = try RawResponse(await client.readToEnd())
                #expect(response.status == 408)
                #expect(response.code == "request-timeout")
            }
        }
    }

    @Test("bytes now and then do not save a head")
    func tricklingHead() async throws {
        try await TestGateway.with(limits: impatient(), echo) { gateway, _ in
            try await RawClient.with(gateway.endpoint) { client in
                let start = ContinuousClock.now
                try await client.write("GET /api/events HTTP/1.1\r\nX: ")
                // The gateway closes after its refusal, after which a write fails or goes nowhere.
                for _ in 0..<20 {
                    try await Task.sleep(for: .milliseconds(20))
                    try? await client.write("x")
                }
                let response = try RawResponse(await client.readToEnd())
                #expect(response.status == 408)
                #expect(start.duration(to: .now) < .seconds(5))
            }
        }
    }

    @Test("a body that does not come is 408, and the service loses the request")
    func slowBody() async throws {
        var limits = impatient()
        // So little that the service has the request before its body is there.
        limits.pendingBytesMax = 1
        try await TestGateway.with(limits: limits, echo) { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write("POST /api/events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
                try await eventually { server.openCount == 1 }
                let response = try RawResponse(await client.readToEnd())
                #expect(response.status == 408)
            }
            try await eventually { server.openCount == 0 }
        }
    }

    @Test("a client that sends slowly takes no connection and no place from others")
    func patientService() async throws {
        var limits = GatewayLimits()
        limits.upstreamConnectionsMax = 1
        limits.inFlightMax = 1
        try await TestGateway.with(limits: limits, echo) { gateway, server in
            try await RawClient.with(gateway.endpoint) { slow in
                try await slow.write(
                    "POST /api/events HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                _ = try await slow.readHead()
                #expect(server.openCount == 0)
                try await gateway.expectStatus(200, "GET /api/events")
                try await slow.write("hello")
                #expect(try await slow.readResponse().status == 200)
            }
        }
    }

    @Test("a connection without requests is closed without a word")
    func idle() async throws {
        try await TestGateway.with(limits: impatient(idle: .milliseconds(200)), echo) { gateway, _ in
            let silent = try await RawClient.with(gateway.endpoint) { await $0.readToEnd() }
            #expect(silent == "")
        }
        // Long enough for a client whose machine is busy to send its request.
        try await TestGateway.with(limits: impatient(idle: .seconds(5)), echo) { gateway, _ in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.readResponse().status == 200)
                let rest = await client.readToEnd()
                #expect(rest == "")
            }
        }
    }

    @Test("a client that takes nothing of its response is given up, and the service with it")
    func stalledReader() async throws {
        let piece = String(repeating: "p", count: 65_536)
        try await TestGateway.with(limits: impatient()) { connection, _ in
            _ = try await connection.readRequest()
            try await connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while true { try await connection.write(piece) }
        } _: { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                try await eventually { server.openCount == 1 }
                try await eventually { server.openCount == 0 }
            }
        }
    }

    @Test("the time of a slow service is not the client's")
    func slowService() async throws {
        try await TestGateway.with(limits: impatient()) { connection, _ in
            _ = try await connection.readRequest()
            try await Task.sleep(for: .milliseconds(600))
            try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
            await connection.drain()
        } _: { gateway, _ in
            try await gateway.expectStatus(204, "POST /api/events", body: "hello")
        }
    }
}
