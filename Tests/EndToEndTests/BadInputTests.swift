import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// What is wrong with a request is answered with a problem that a client can act on.
@Suite struct BadInputTests {
    static let reservations = "/api/inventory/reservations"

    @Test(
        "malformed JSON is refused on every route that reads it",
        arguments: [reservations, "/api/bookings/confirm", "/api/auth/login", "/api/auth/register", "/api/events"],
        ["", "{", "[1,", "{\"eventId\": nope}", "\u{0}"])
    func malformedJSON(route: String, body: String) async throws {
        let admin = try await SharedStack.get().admin()
        let reply = try await admin.send("POST", route, text: body, headers: ["Idempotency-Key": Sale.key()])
        expectProblem(reply, 400, "malformed-json")
    }

    @Test(
        "fields of a wrong type are named",
        arguments: [
            (#"{"eventId": 7, "seatNumbers": ["A-1-1"]}"#, "eventId"),
            (#"{"eventId": "ID", "seatNumbers": "A-1-1"}"#, "seatNumbers"),
            (#"{"eventId": "ID", "seatNumbers": [1]}"#, "seatNumbers"),
            (#"{"seatNumbers": ["A-1-1"]}"#, "eventId"),
        ])
    func wrongTypes(body: String, field: String) async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let text = body.replacing("ID", with: sale.event.id)
        let reply = try await guest.send("POST", Self.reservations, text: text)
        expectProblem(reply, 422, "invalid-fields")
        #expect(reply.problem?.errors?.contains { $0.field.hasPrefix(field) } == true, "\(reply.text)")
    }

    /// A megabyte of marks would be compared for minutes; U+0000 could not be written to a ticket that is paid.
    @Test("texts that no database keeps or that are slow to compare are refused at once")
    func hostileTexts() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let marks = String(repeating: "\u{301}\u{316}", count: 200_000)
        for members in [#""customer":{"name":"a\u0000b"}"#, #""notes":"\#(marks)""#, #""\#(marks)":1"#] {
            let body = #"{"eventId":"\#(sale.event.id)","seatNumbers":["A-1-1"],\#(members)}"#
            expectProblem(try await guest.send("POST", Self.reservations, text: body), 422, "invalid-fields")
        }
        let seats = "/api/inventory/events/\(sale.event.id)/seats?section=%00"
        expectProblem(try await guest.send("GET", seats), 422, "invalid-fields")
        #expect(try await guest.send("GET", seats.replacing("%00", with: "Z")).status == 200)
        #expect(try await sale.admin.availability(of: sale.event.id).availableCapacity == 20)
    }

    @Test("seats that the event does not have are named")
    func unknownSeats() async throws {
        let sale = try await Sale.open()
        let reply = try await sale.guest().reserve(
            ReservationRequest(eventId: sale.event.id, seatNumbers: ["A-1-1", "Z-9-9"]))
        expectProblem(reply, 422, "invalid-fields")
        #expect(reply.text.contains("Z-9-9"))
        #expect(try await sale.admin.availability(of: sale.event.id).availableCapacity == 20)
    }

    @Test("an unknown event is not found")
    func unknownEvent() async throws {
        let guest = try await SharedStack.get().client().signUpGuest()
        let id = UUIDv7.make(at: SystemClock().now())
        expectProblem(
            try await guest.reserve(ReservationRequest(eventId: id, seatNumbers: ["A-1-1"])), 404, "not-found")
        expectProblem(try await guest.send("GET", "/api/events/\(id)"), 404, "not-found")
        expectProblem(try await guest.send("GET", "/api/inventory/events/\(id)/seats"), 404, "not-found")
    }

    @Test("an order has one to ten seats", arguments: [0, 11])
    func seatCounts(count: Int) async throws {
        let sale = try await Sale.open()
        let seats = sale.seatNumbers.prefix(count)
        let reply = try await sale.guest().reserve(
            ReservationRequest(eventId: sale.event.id, seatNumbers: Array(seats)))
        expectProblem(reply, 422, "invalid-fields")
        #expect(try await sale.admin.availability(of: sale.event.id).availableCapacity == 20)
    }

    @Test("somebody else's reservation is not there: neither to see, nor to release, nor to pay")
    func foreignReservation() async throws {
        let sale = try await Sale.open()
        let reservation = try await sale.hold(["A-1-1"], by: sale.guest())
        let stranger = try await sale.guest()
        let route = "\(Self.reservations)/\(reservation.reservationId)"
        expectProblem(try await stranger.send("GET", route), 404, "not-found")
        expectProblem(try await stranger.send("DELETE", route), 404, "not-found")
        expectProblem(try await stranger.confirm(reservation.reservationId, key: Sale.key()), 404, "not-found")
    }

    @Test("somebody else's booking is not there")
    func foreignBooking() async throws {
        let sale = try await Sale.open()
        let booking = try await sale.buy(["A-1-1"], by: sale.guest())
        let stranger = try await sale.guest()
        expectProblem(try await stranger.send("GET", "/api/bookings/\(booking.bookingId)"), 404, "not-found")
    }

    @Test("a payment needs an idempotency key")
    func missingKey() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let reservation = try await sale.hold(["A-1-1"], by: guest)
        expectProblem(
            try await guest.confirm(reservation.reservationId, key: nil), 400, "idempotency-key-required")
    }

    @Test("a key with another request is refused")
    func reusedKey() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let key = Sale.key()
        let first = try await sale.hold(["A-1-1"], by: guest)
        #expect(try await guest.confirm(first.reservationId, key: key).status == 201)
        let second = try await sale.hold(["A-1-2"], by: guest)
        expectProblem(try await guest.confirm(second.reservationId, key: key), 422, "idempotency-key-reused")
    }

    @Test("an amount that is not the price is refused before anything is charged")
    func wrongAmount() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let reservation = try await sale.hold(["A-1-1"], by: guest)
        let payment = PaymentMethod(method: "tok_visa", amount: DecimalAmount(minorUnits: 1, decimals: 2))
        expectProblem(
            try await guest.confirm(reservation.reservationId, payment: payment, key: Sale.key()), 422,
            "amount-mismatch")
        #expect(try await sale.audit().chargesCaptured == 0)
    }

    @Test(
        "a body over one mebibyte is refused, with or without a length",
        arguments: [reservations, "/api/bookings/confirm", "/api/auth/login"])
    func bodyOverLimit(route: String) async throws {
        let guest = try await SharedStack.get().client().signUpGuest()
        let text = "{\"eventId\": \"" + String(repeating: "x", count: 1_100_000) + "\"}"
        expectProblem(try await guest.send("POST", route, text: text), 413, "payload-too-large")
    }

    @Test("an unknown address and a method that an address does not have are problems too")
    func unknownRoutes() async throws {
        let client = try await SharedStack.get().client()
        expectProblem(try await client.send("GET", "/api/nonsense"), 404, "not-found")
        expectProblem(try await client.send("GET", "/nonsense"), 404, "not-found")
        expectProblem(try await client.send("DELETE", "/api/auth/login"), 405, "method-not-allowed")
    }
}

extension Sale {
    /// All seats of section A in order.
    var seatNumbers: [String] {
        (1...2).flatMap { row in (1...10).map { "A-\(row)-\($0)" } }
    }
}
