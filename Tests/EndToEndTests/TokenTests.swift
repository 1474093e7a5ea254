import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// Who is not signed in, or not as they say, gets nothing that is not public.
@Suite struct TokenTests {
    /// Method and address of routes of every service that need a token.
    static let closed = [
        ("POST", "/api/inventory/reservations"), ("GET", "/api/inventory/reservations"),
        ("POST", "/api/bookings/confirm"), ("GET", "/api/bookings/me"), ("GET", "/api/auth/me"),
        ("POST", "/api/events"),
    ]

    /// Addresses that need an admin.
    static let adminOnly = [
        ("GET", "/api/bookings/reconciliation"), ("GET", "/api/payments/reconciliation"),
        ("GET", "/api/inventory/reconciliation?eventId=x"), ("POST", "/api/monitoring/lock-contention/reset"),
        ("POST", "/api/auth/guest/batch"),
    ]

    @Test("without a token a closed route is 401", arguments: closed + adminOnly)
    func missing(method: String, route: String) async throws {
        let client = try await SharedStack.get().client()
        expectProblem(try await send(method, route, as: client), 401, "unauthorized")
    }

    @Test("a token signed with another key is 401", arguments: closed + adminOnly)
    func forged(method: String, route: String) async throws {
        let stack = try await SharedStack.get()
        let client = stack.client().with(accessToken: stack.forgedToken())
        expectProblem(try await send(method, route, as: client), 401, "unauthorized")
    }

    @Test("a token that has ended is 401", arguments: closed + adminOnly)
    func expired(method: String, route: String) async throws {
        let stack = try await SharedStack.get()
        let client = stack.client().with(accessToken: try stack.expiredToken())
        expectProblem(try await send(method, route, as: client), 401, "unauthorized")
    }

    @Test("a token that was changed, cut or claims no signature is 401")
    func tampered() async throws {
        let stack = try await SharedStack.get()
        let good = try #require(try await stack.client().signUpGuest().accessToken)
        let parts = good.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"
        for bad in [
            "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])", "\(none).\(parts[1]).",
            "\(none).\(parts[1]).\(parts[2])", "\(parts[0]).\(String(parts[1].reversed())).\(parts[2])", good + "x",
            "x", "",
        ] {
            let client = stack.client().with(accessToken: bad)
            expectProblem(try await client.send("GET", "/api/auth/me"), 401, "unauthorized")
        }
    }

    @Test("a bad token is 401 on a public route that would look at it, never a silent guest")
    func badTokenOnPublicRoute() async throws {
        let stack = try await SharedStack.get()
        let client = stack.client().with(accessToken: stack.forgedToken())
        expectProblem(try await client.send("GET", "/api/events"), 401, "unauthorized")
    }

    @Test("what only admins may do is 403 for a guest", arguments: adminOnly)
    func guestsAreNoAdmins(method: String, route: String) async throws {
        let guest = try await SharedStack.get().client().signUpGuest()
        expectProblem(try await send(method, route, as: guest), 403, "forbidden")
    }

    @Test("a wrong password and an unknown account are told alike")
    func wrongPassword() async throws {
        let stack = try await SharedStack.get()
        for email in [HoldfastStack.adminEmail, "nobody-\(Sale.key())@example.com"] {
            let request = LoginRequest(email: email, password: "not the password")
            let reply = try await stack.client().send("POST", "/api/auth/login", json: request)
            expectProblem(reply, 401, "invalid-credentials")
        }
    }

    private func send(_ method: String, _ route: String, as client: APIClient) async throws -> APIReply {
        method == "POST"
            ? try await client.send(method, route, text: "{}", headers: ["Idempotency-Key": Sale.key()])
            : try await client.send(method, route)
    }
}
