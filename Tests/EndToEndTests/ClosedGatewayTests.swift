import Checker
import HTTPKit
import TestSupport
import Testing

/// What is for services and operators cannot be reached through the gateway, in whatever spelling.
@Suite struct ClosedGatewayTests {
    @Test(
        "internal routes are not there, neither for guests nor for admins",
        arguments: [
            "/internal/events?ids=x", "/internal/events/changes", "/internal/availability?ids=x", "/internal/charges",
            "/api/internal/charges", "/api/inventory/internal/availability", "/api/bookings/../../internal/events",
            "/api/inventory/%2e%2e/%2e%2e/internal/availability", "/api/events/..%2f..%2finternal/events",
            "//internal/events", "/INTERNAL/events", "/api/../internal/charges", "/api/events/..;/internal/events",
        ])
    func internalRoutes(target: String) async throws {
        let stack = try await SharedStack.get()
        for client in [stack.client(), try await stack.admin()] {
            for method in ["GET", "POST", "PUT"] {
                let reply =
                    method == "GET"
                    ? try await client.send(method, target) : try await client.send(method, target, text: "{}")
                #expect([400, 404, 405].contains(reply.status), "\(method) \(target): \(reply.status) \(reply.text)")
            }
        }
    }

    @Test(
        "metrics and the services' own health are not public", arguments: ["/metrics", "/health/live", "/health/ready"])
    func operationsRoutes(target: String) async throws {
        let reply = try await SharedStack.get().client().send("GET", target)
        #expect(reply.status == 404, "\(target): \(reply.status) \(reply.text)")
    }

    @Test("headers by which a client claims to be somebody are ignored")
    func spoofedIdentity() async throws {
        let client = try await SharedStack.get().client()
        for header in ["X-User-ID", "X-User-Role", "X_User_ID", "X-Internal-Token", "Forwarded"] {
            let reply = try await client.send(
                "GET", "/api/bookings/me", body: nil, headers: [header: "admin", "X-Forwarded-For": "127.0.0.1"])
            expectProblem(reply, 401, "unauthorized")
        }
    }
}
