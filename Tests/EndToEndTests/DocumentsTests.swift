import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// The specification, its page, and the routes that no other test needs: each answers as it is documented, which is
/// checked from the record of what was said.
@Suite struct DocumentsTests {
    @Test("the specification and its page are served to everyone", arguments: ["/openapi.json", "/docs"])
    func documents(path: String) async throws {
        let client = try await SharedStack.get().client()
        let reply = try await client.send("GET", path)
        #expect(reply.status == 200 && reply.text.contains("/api/bookings/confirm"))
        let tag = try #require(reply.headers.first("ETag"))
        let again = try await client.send("GET", path, body: nil, headers: ["If-None-Match": tag])
        #expect(again.status == 304 && again.text.isEmpty)
        #expect(try await client.send("GET", "/").headers.first("Location") == "/docs")
    }

    @Test("a session is prolonged once and ended")
    func session() async throws {
        let stack = try await SharedStack.get()
        let first = try await stack.client().send("POST", "/api/auth/guest").value(SignInReply.self)
        let token = RefreshRequest(refreshToken: try #require(first.refreshToken))
        let second = try await stack.client().send("POST", "/api/auth/refresh", json: token)
        #expect(second.status == 200, "\(second.text)")
        let guest = stack.client().with(accessToken: try second.decode(SignInReply.self).accessToken)
        #expect(try await guest.send("POST", "/api/auth/logout").status == 204)
        expectProblem(
            try await stack.client().send("POST", "/api/auth/refresh", json: token), 401, "invalid-refresh-token")
        let weak = RegisterRequest(email: "ada", password: "short")
        expectProblem(try await stack.client().send("POST", "/api/auth/register", json: weak), 422, "invalid-fields")
    }

    @Test("a guest becomes an account, once")
    func registration() async throws {
        let guest = try await SharedStack.get().client().signUpGuest()
        let account = RegisterRequest(email: "ada-\(Sale.key())@example.com", password: Sale.key(), name: "Ada")
        #expect(try await guest.send("POST", "/api/auth/register", json: account).status == 201)
        expectProblem(try await guest.send("POST", "/api/auth/register", json: account), 409, "email-taken")
    }

    @Test("a draft is its organizer's until it is published")
    func draft() async throws {
        let stack = try await SharedStack.get()
        let admin = try await stack.admin()
        let type = CreateEventRequest.TicketType(
            name: "Standing", price: DecimalAmount(minorUnits: 2000, decimals: 2), capacity: 5)
        let event = try await admin.createEvent(
            CreateEventRequest(
                title: "Draft night", eventDate: SystemClock().now() + .seconds(86_400), venue: "Harbour Hall",
                ticketTypes: [type], description: "Not yet.", artist: "Ada", venueAddress: "Quay 1",
                endDate: SystemClock().now() + .seconds(90_000), status: .draft))
        expectProblem(try await stack.client().send("GET", "/api/events/\(event.id)"), 404, "not-found")
        let publication = "/api/events/\(event.id)/publish"
        expectProblem(try await stack.client().signUpGuest().send("POST", publication), 404, "not-found")
        #expect(try await admin.send("POST", publication).status == 200)
        #expect(try await stack.client().send("GET", "/api/events/\(event.id)").status == 200)
        #expect(try await admin.send("GET", "/api/events?includeInactive=true&pageSize=1").status == 200)
        expectProblem(try await stack.client().send("GET", "/api/events?includeInactive=true"), 403, "forbidden")
    }

    @Test("a purchase can be read from every side")
    func purchase() async throws {
        let sale = try await Sale.open(places: 5)
        let guest = try await sale.guest()
        let customer = CustomerDocument(name: "Ada", email: "ada@example.com", phone: "+351 1")
        let order = ReservationRequest(
            eventId: sale.event.id, bestAvailable: ReservationRequest.BestAvailable(section: "A", quantity: 2),
            customer: customer, notes: "By the aisle", waitMs: 100)
        let key = Sale.key()
        let held = try await guest.reserve(order, key: key)
        let again = try await guest.reserve(order, key: key)
        #expect(again.headers.first("Idempotent-Replayed") == "true" && again.text == held.text)
        let reservation = try held.value(ReservationDocument.self)
        let booking = try await guest.confirm(reservation.reservationId, key: Sale.key()).value(BookingDocument.self)
        let ticket = try #require(booking.tickets.first)
        for route in [
            "/api/inventory/reservations/\(reservation.reservationId)", "/api/inventory/reservations?pageSize=1",
            "/api/bookings", "/api/bookings/me?page=1&pageSize=1", "/api/bookings/\(booking.bookingId)",
            "/api/bookings/reference/\(booking.bookingReference)", "/api/tickets/\(ticket.ticketId)",
            "/api/inventory/events/\(sale.event.id)/seats?status=all",
        ] {
            #expect(try await guest.send("GET", route).status == 200, "\(route)")
        }
        expectProblem(
            try await guest.release(reservation.reservationId), 410, "reservation-confirmed")
        expectProblem(try await guest.send("GET", "/api/tickets/x"), 404, "not-found")
        let other = try await sale.hold(["A-2-1"], by: guest)
        #expect(try await guest.release(other.reservationId).status == 204)
        try await expectPayment(of: booking, by: guest, in: sale)
    }

    /// The payer finds the payment by the id that its own charge has.
    private func expectPayment(of booking: BookingDocument, by guest: APIClient, in sale: Sale) async throws {
        expectProblem(try await guest.send("GET", "/api/payments/\(booking.bookingId)"), 404, "not-found")
        let charges = try await sale.admin.send("GET", "/api/payments/reconciliation?limit=1000")
        #expect(charges.text.contains(booking.bookingId))
        expectProblem(
            try await sale.admin.send("GET", "/api/payments/reconciliation?limit=0"), 422, "invalid-fields")
    }

    @Test("a client that has the seats is told so")
    func seats() async throws {
        let sale = try await Sale.open()
        let route = "/api/inventory/events/\(sale.event.id)/seats"
        let first = try await sale.admin.send("GET", route)
        let tag = try #require(first.headers.first("ETag"))
        #expect(try await sale.admin.send("GET", route, body: nil, headers: ["If-None-Match": tag]).status == 304)
    }

    @Test("events are found, completed and filtered")
    func search() async throws {
        let word = "Quayside\(SecureRandom.hexadecimal(bytes: 4))"
        let sale = try await Sale.open(title: word)
        try await eventually(within: .seconds(5), "the event is found") {
            let found: SearchReply = try await sale.admin.get(
                "/api/search?q=\(word)&city=Lisbon&minPrice=1&available=true&sort=price")
            return found.total == 1
        }
        let texts: [String] = try await sale.admin.get("/api/search/suggest?q=\(word.prefix(12))")
        #expect(texts.contains(word))
        expectProblem(try await sale.admin.send("GET", "/api/search?sort=x&page=1"), 422, "invalid-fields")
    }

    @Test("what the locks did can be read and begun anew")
    func monitoring() async throws {
        try await HoldfastStack.with { stack in
            let sale = try await Sale.open(on: stack)
            _ = try await sale.hold(["A-1-1"], by: sale.guest())
            let route = "/api/monitoring/lock-contention"
            let all: LockContentionDocument = try await stack.client().get("\(route)?window=5m&top=10")
            #expect(all.totals.successfulAttempts >= 1)
            let one: LockStatisticsDocument = try await stack.client().get("\(route)/seat:\(sale.event.id):A-1-1")
            #expect(one.totalAttempts == 1)
            expectProblem(try await stack.client().send("GET", "\(route)?window=1y"), 422, "invalid-fields")
            #expect(try await sale.admin.send("POST", "\(route)/reset").status == 200)
        }
    }
}
