import HTTPKit
import NIOCore
import TestSupport
import Testing

@testable import gateway

@Suite("Ways around the route table", .timeLimit(.minutes(1)))
struct PathTests {
    static let hidden = ["/internal/events", "/health/live", "/health/ready", "/metrics"]

    @Test(
        "no spelling of a path reaches what is internal",
        arguments: hidden.flatMap { path in
            [
                path, "/\(path)", "/api/events/..\(path)", "/api/events/../..\(path)",
                "/api/events/%2e%2e/%2e%2e\(path)",
                "/api/events/%2E%2E/%2e%2E\(path)", "/api/events/.%2e/.%2E\(path)", "/api/events/..%2f..%2f\(path)",
                "/api/events/..%2F..\(path)", "/api/events/..%5c..%5c\(path)", "/api/events/..\\..\(path)",
                "/api/events/..;/..;\(path)", "/api/events//..//..\(path)", "/api/events/%252e%252e\(path)",
                "/api/events/%00/../..\(path)", "/./\(path)", "/.\(path)", "/api/events%2f..%2f..\(path)",
                "/%2e%2e\(path)", "\\\(path)", "/api/../\(path)", "http://localhost\(path)", "//localhost\(path)",
            ]
        })
    func hiddenPaths(_ target: String) async throws {
        try await TestGateway.with(echo) { gateway, server in
            let response = try await gateway.response("GET \(target)")
            #expect([400, 404].contains(response.status))
            #expect(["bad-request", "not-found"].contains(response.code))
            #expect(server.acceptedCount == 0)
        }
    }

    @Test("a path that is fine arrives byte by byte as it was sent")
    func unchanged() async throws {
        try await TestGateway.with(echo) { gateway, _ in
            let target = "/api/events/caf%C3%A9%20;v=1/x?q=../%2e%2e//&r=%00#".dropLast()
            let response = try await gateway.response("GET \(target)")
            #expect(response.status == 200)
            #expect(response.body.hasPrefix("GET \(target) HTTP/1.1\r\n"))
        }
    }
}
