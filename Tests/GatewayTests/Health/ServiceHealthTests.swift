import Contracts
import HTTPKit
import NIOCore
import TestSupport
import Testing

@testable import gateway

@Suite("Health of all services", .timeLimit(.minutes(1)))
struct ServiceHealthTests {
    private let ready = "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{\"status\":\"ok\",\"checks\":{}}"
    private let stopping =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 33\r\n\r\n{\"status\":\"stopping\",\"checks\":{}}"

    @Test("all ready: 200 with every service")
    func allReady() async throws {
        try await TestGateway.with(answering(ready)) { gateway, _ in
            var response = try await gateway.response("GET /health")
            // A second is short for six answers when the machine is busy.
            try await eventually {
                if response.status != 200 { response = try await gateway.response("GET /health") }
                return response.status == 200
            }
            #expect(response.fields.first("content-type") == "application/json")
            let report = try WireJSON.decode(ServiceHealth.Report.self, from: ByteBuffer(string: response.body))
            #expect(report.status == "ok")
            #expect(report.services.count == 6)
            #expect(report.services.values.allSatisfy { $0.status == "ok" })
            #expect(response.body.contains(#""inventory":{"replicas":[{"status":"ok"}],"status":"ok"}"#))
        }
    }

    @Test("one that is not ready, or not there, makes it 503 and is named")
    func notReady() async throws {
        // A port below 1024 is never given to another test's server, as one that was just free may be.
        let nowhere = Endpoint(host: "127.0.0.1", port: 1)
        try await RawServer.with(answering(ready)) { good in
            try await RawServer.with(answering(stopping)) { bad in
                let endpoints: [ServiceName: [Endpoint]] = [
                    .auth: [nowhere, good.endpoint], .booking: [nowhere, bad.endpoint], .search: [nowhere],
                ]
                try await TestGateway.with(endpoints: endpoints) { gateway in
                    var services: [ServiceName: ServiceHealth.Service] = [:]
                    // A second is short for their answers when the machine is busy.
                    try await eventually("every replica was heard in time") {
                        let response = try await gateway.response("GET /health")
                        #expect(response.status == 503)
                        let report = try WireJSON.decode(
                            ServiceHealth.Report.self, from: ByteBuffer(string: response.body))
                        #expect(report.status == "unavailable")
                        services = report.services
                        return !services.values.flatMap(\.replicas).contains { $0.status == "silent" }
                    }
                    #expect(services[.auth]?.status == "ok")
                    #expect(services[.auth]?.replicas.map(\.status) == ["unreachable", "ok"])
                    #expect(services[.booking]?.status == "stopping")
                    #expect(services[.search]?.status == "unreachable")
                }
            }
        }
    }

    @Test("a service that does not answer costs a second, not more")
    func slow() async throws {
        try await TestGateway.with { connection, _ in
            await connection.drain()
        } _: { gateway, _ in
            let start = ContinuousClock.now
            try await gateway.expectStatus(503, "GET /health")
            #expect(start.duration(to: .now) < .seconds(5))
        }
    }

    @Test("a crowd that asks at once costs the services one question")
    func shared() async throws {
        let askers = Counter()
        let probe = CountingProbe { askers.value == 50 }
        let endpoints: [ServiceName: [Endpoint]] = [.auth: [Endpoint(host: "127.0.0.1", port: 1)]]
        try await TestGateway.with(endpoints: endpoints, probe: probe) { gateway in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await RawClient.with(gateway.endpoint) { client in
                            try await client.write("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                            askers.add(1)
                            return try await client.readResponse().status
                        }
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
        #expect(probe.count.value <= 2)
    }

    @Test("HEAD has no body, and the connection goes on")
    func head() async throws {
        let endpoints: [ServiceName: [Endpoint]] = [.auth: [Endpoint(host: "127.0.0.1", port: 1)]]
        try await TestGateway.with(endpoints: endpoints, probe: CountingProbe()) { gateway in
            try await RawClient.with(gateway.endpoint) { client in
                try await client.write(
                    "HEAD /health HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.readResponse(isHead: true).status == 200)
                #expect(try await client.readResponse().body.hasPrefix("{"))
            }
        }
    }

    /// Counts how often it is asked; always well, as soon as it may answer.
    private struct CountingProbe: ReplicaProbe {
        let count = Counter()
        var mayAnswer: @Sendable () -> Bool = { true }

        func report(on replica: Endpoint, deadline: Deadline) async -> ReplicaReport {
            count.add(1)
            try? await eventually("it may answer") { mayAnswer() }
            return ReplicaReport(replica, .ready, status: "ok")
        }
    }
}
