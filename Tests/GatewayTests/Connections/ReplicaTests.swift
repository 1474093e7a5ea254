import Contracts
import HTTPKit
import NIOCore
import TestSupport
import Testing

@testable import gateway

@Suite("Services with several replicas", .timeLimit(.minutes(1)))
struct ReplicaTests {
    // A port below 1024 is never given to another test's server, as one that was just free may be.
    private static let nowhere = Endpoint(host: "127.0.0.1", port: 1)

    private static func named(_ name: String) -> RawServer.Script {
        answering("HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
    }

    @Test("requests go to all replicas of their service")
    func spread() async throws {
        try await RawServer.with(Self.named("a")) { first in
            try await RawServer.with(Self.named("b")) { second in
                try await TestGateway.with(endpoints: [.events: [first.endpoint, second.endpoint]]) { gateway in
                    var served: [String: Int] = [:]
                    for _ in 0..<10 { served[try await gateway.response("GET /api/events").body, default: 0] += 1 }
                    #expect(served == ["a": 5, "b": 5])
                }
            }
        }
    }

    @Test("a replica that is gone costs no request, whatever its method", arguments: ["GET", "POST"])
    func failover(_ method: String) async throws {
        try await RawServer.with(Self.named("a")) { server in
            try await TestGateway.with(endpoints: [.events: [Self.nowhere, server.endpoint]]) { gateway in
                for _ in 0..<10 {
                    let response = try await gateway.response("\(method) /api/events", body: "{}")
                    #expect(response.body == "a")
                }
            }
        }
    }

    @Test("a POST that may have arrived is not sent to another replica")
    func noSecondPost() async throws {
        try await RawServer.with(Self.named("a")) { good in
            try await RawServer.with { connection, _ in
                _ = try await connection.readRequest()
            } _: { bad in
                try await TestGateway.with(endpoints: [.booking: [bad.endpoint, good.endpoint]]) { gateway in
                    var statuses: [Int] = []
                    for _ in 0..<2 {
                        statuses.append(try await gateway.response("POST /api/bookings", body: "{}").status)
                    }
                    #expect(statuses.sorted() == [200, 503])
                    #expect(bad.acceptedCount == 1)
                }
            }
        }
    }

    @Test("a request with a streamed body that finds nobody goes to the next replica with all of it")
    func streamedBody() async throws {
        try await RawServer.with(echo) { server in
            try await TestGateway.with(endpoints: [.events: [Self.nowhere, server.endpoint]]) { gateway in
                for _ in 0..<4 {
                    try await RawClient.with(gateway.endpoint) { client in
                        try await client.write("PUT /api/events/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
                        try await client.write("lo")
                        #expect(try await client.readResponse().body.hasSuffix("\r\n\r\nhello"))
                    }
                }
            }
        }
    }

    @Test("what /health finds out counts for the requests: one that is not ready gets none")
    func healthTeaches() async throws {
        let health = "{\"status\":\"stopping\",\"checks\":{}}"
        try await RawServer.with { connection, _ in
            while true {
                let (head, _) = try await connection.readRequest()
                guard head.hasPrefix("GET /health/ready ") else {
                    try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad")
                    continue
                }
                try await connection.write(
                    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: \(health.utf8.count)\r\n\r\n\(health)")
            }
        } _: { stopping in
            try await RawServer.with(Self.named("good")) { ready in
                try await TestGateway.with(endpoints: [.events: [stopping.endpoint, ready.endpoint]]) { gateway in
                    try await gateway.expectStatus(200, "GET /health")
                    for _ in 0..<10 {
                        let response = try await gateway.response("GET /api/events")
                        #expect(response.body == "good")
                    }
                }
            }
        }
    }

    @Test("with all replicas gone: 503 with Retry-After for everyone, and at once")
    func allGone() async throws {
        let elsewhere = Endpoint(host: "127.0.0.1", port: 2)
        try await TestGateway.with(endpoints: [.events: [Self.nowhere, elsewhere]]) { gateway in
            try await withThrowingTaskGroup(of: RawResponse.self) { group in
                for _ in 0..<30 { group.addTask { try await gateway.response("GET /api/events") } }
                for try await response in group {
                    #expect(response.status == 503)
                    #expect(response.code == "dependency-unavailable")
                    #expect(response.fields.first("retry-after") == "1")
                }
            }
        }
    }
}
