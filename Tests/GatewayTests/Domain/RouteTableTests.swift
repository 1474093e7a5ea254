import Contracts
import NIOCore
import Testing

@testable import gateway

@Suite("Routes")
struct RouteTableTests {
    private func route(_ path: String) -> Route? {
        let bytes = ByteBuffer(string: path)
        return RouteTable.route(bytes.readableBytesUInt8Span, 0..<bytes.readableBytes)
    }

    @Test(
        "every public prefix goes to its service",
        arguments: [
            ("/api/auth/login", ServiceName.auth), ("/api/auth", .auth), ("/api/events", .events),
            ("/api/events/", .events), ("/api/events/1/availability", .events), ("/api/concerts/1", .events),
            ("/api/inventory/events/1/seats", .inventory), ("/api/holds/checkout", .inventory),
            ("/api/cart", .inventory), ("/api/cart/items/1", .inventory),
            ("/api/monitoring/lock-contention", .inventory), ("/api/tickets/reserve", .inventory),
            ("/api/tickets/reservation/RES_1", .inventory), ("/api/tickets/purchase", .booking),
            ("/api/tickets/1/qr.svg", .booking), ("/api/tickets/reserved", .booking),
            ("/api/tickets/reservations", .booking), ("/api/bookings/me", .booking), ("/api/payments/1", .payment),
            ("/api/events/1/audit", .booking), ("/api/events/1/refunds", .booking), ("/api/events/1/audits", .events),
            ("/api/payments/webhooks/stripe", .payment), ("/api/search", .search), ("/api/search/suggest", .search),
        ])
    func prefixes(_ path: String, _ service: ServiceName) {
        #expect(route(path) == Route(service))
    }

    @Test(
        "streams of availability go to inventory on connections of their own",
        arguments: ["/api/events/1/availability/stream", "/api/concerts/x-y/availability/stream"])
    func streams(_ path: String) {
        #expect(route(path) == Route(.inventory, .stream))
    }

    @Test(
        "only those streams do",
        arguments: [
            "/api/events//availability/stream", "/api/events/1/availability/stream/x",
            "/api/events/1/availability/streams", "/api/events/1/2/availability/stream",
        ])
    func notStreams(_ path: String) {
        #expect(route(path)?.lane != .stream)
    }

    @Test("every service has the slot of its place")
    func slots() {
        #expect(ServiceName.allCases.map(\.slot) == Array(0..<ServiceName.allCases.count))
    }

    @Test(
        "everything else does not exist",
        arguments: [
            "/", "/api", "/api/", "/api/authx", "/api/internal", "/internal/events", "/health/live", "/health/ready",
            "/metrics", "/API/auth", "/api/Auth", "/%61pi/auth", "/api/%61uth", "/apiauth", "/docs", "/api/eventsx/1",
            "x/api/auth",
        ])
    func unknown(_ path: String) {
        #expect(route(path) == nil)
    }
}
