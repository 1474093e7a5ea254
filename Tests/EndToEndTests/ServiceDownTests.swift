import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// A service that is away turns into refusals, never into a yes and never into a hanging request.
@Suite struct ServiceDownTests {
    @Test("routes of a service that is down are 503 with a time to come back, and work again afterwards")
    func serviceDown() async throws {
        try await HoldfastStack.with { stack in
            let sale = try await Sale.open(on: stack)
            let guest = try await sale.guest()
            let routes: [(ServiceName, String)] = [
                (.search, "/api/search?q=x"), (.auth, "/api/auth/me"), (.booking, "/api/bookings/me"),
                (.inventory, "/api/inventory/reservations"), (.events, "/api/events/\(sale.event.id)"),
                (.payment, "/api/payments/x"),
            ]
            for (name, route) in routes {
                try stack.kill9(name)
                let reply = try await guest.send("GET", route)
                expectProblem(reply, 503, "dependency-unavailable")
                #expect(reply.headers.contains("Retry-After"))
                try await expectUnhealthy(stack, name)
                try await stack.start(name)
                try await stack.waitUntilHealthy()
                #expect(try await guest.send("GET", route).status != 503)
            }
        }
    }

    @Test("with inventory or payment down nothing is confirmed, and nobody is charged for nothing")
    func noYesWithoutThem() async throws {
        try await HoldfastStack.with { stack in
            let sale = try await Sale.open(on: stack)
            let guest = try await sale.guest()
            for (seat, name) in [("A-1-1", ServiceName.inventory), ("A-1-2", .payment)] {
                let reservation = try await sale.hold([seat], by: guest)
                try stack.kill9(name)
                let key = Sale.key()
                let reply = try await guest.confirm(reservation.reservationId, key: key)
                #expect([202, 503].contains(reply.status), "\(reply.status) \(reply.text)")
                try await stack.start(name)
                try await stack.waitUntilHealthy()
                try await buyAfterwards(reservation, key: key, by: guest)
            }
            let audit = try await sale.audit()
            #expect(audit.isClean && audit.bookingsConfirmed == 2, "\(audit)")
        }
    }

    /// Asks with the same key until there is a final answer; a charge that was called off needs a new key.
    private func buyAfterwards(_ reservation: ReservationDocument, key: String, by guest: APIClient) async throws {
        var key = key
        try await eventually(within: .seconds(30), "the purchase ends") {
            let reply = try await guest.confirm(reservation.reservationId, key: key)
            if reply.status == 402 { key = Sale.key() }
            return reply.status == 201
        }
    }

    /// The gateway remembers what it saw for half a second.
    private func expectUnhealthy(_ stack: HoldfastStack, _ name: ServiceName) async throws {
        try await eventually(within: .seconds(10), "the gateway sees that \(name.rawValue) is away") {
            let reply = try await stack.client().send("GET", "/health")
            return reply.status == 503 && reply.text.contains(name.rawValue)
        }
    }
}
