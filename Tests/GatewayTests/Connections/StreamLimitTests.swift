import HTTPKit
import TestSupport
import Testing

@testable import gateway

@Suite("Limits of streams", .timeLimit(.minutes(1)))
struct StreamLimitTests {
    @Test("past the limit of streams a service is 503 overloaded at once; requests go on, and who leaves makes room")
    func streams() async throws {
        var limits = GatewayLimits()
        limits.streamsMax = 1
        let stream = "GET /api/events/1/availability/stream HTTP/1.1\r\nHost: a\r\n\r\n"
        try await TestGateway.with(limits: limits) { connection, _ in
            while true {
                let (head, _) = try await connection.readRequest()
                guard head.contains("/stream ") else {
                    try await connection.write("HTTP/1.1 204 No Content\r\n\r\n")
                    continue
                }
                try await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n:\r\n")
                return await connection.drain()
            }
        } _: { gateway, server in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write(stream)
                _ = try await client.read(through: "1\r\n:")
                let refused = try await gateway.response("GET /api/events/1/availability/stream")
                #expect(refused.status == 503 && refused.code == "overloaded")
                #expect(refused.fields.first("retry-after") == "1")
                try await gateway.expectStatus(204, "GET /api/inventory/x")
            }
            try await eventually {
                try await RawClient.with(gateway.endpoint) { client in
                    try await client.write(stream)
                    return try await client.readHead().hasPrefix("HTTP/1.1 200 ")
                }
            }
            try await eventually { server.openCount <= 1 }
        }
    }
}
