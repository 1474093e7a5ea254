import Checker
import Contracts
import TestSupport
import Testing

/// The main job as a buyer and an organizer do it, through the gateway only.
@Suite struct MainJobTests {
    @Test("register, log in, browse, search, reserve, pay, see the booking")
    func buyTickets() async throws {
        let stack = try await SharedStack.get()
        let word = "Zeitgeist\(SecureRandom.hexadecimal(bytes: 4))"
        let sale = try await Sale.open(title: "\(word) live")
        let email = "buyer-\(SecureRandom.hexadecimal(bytes: 6))@example.com"
        let password = SecureRandom.hexadecimal(bytes: 8)
        _ = try await stack.client().register(email: email, password: password, name: "Ada")
        let buyer = try await stack.client().signIn(email: email, password: password)
        let me: UserDocument = try await buyer.get("/api/auth/me")
        #expect(me.email == email && me.role == .user)

        var page = 0
        var events: [EventDocument] = []
        repeat {
            page += 1
            events = try await buyer.get("/api/events?ownerId=\(sale.event.ownerId)&pageSize=100&page=\(page)")
        } while !events.isEmpty && !events.contains { $0.id == sale.event.id }
        #expect(!events.isEmpty)
        try await eventually(within: .seconds(5), "the event is found by its word") {
            let found: SearchReply = try await buyer.get("/api/search?q=\(word)")
            return found.results.map(\.event.id) == [sale.event.id]
        }
        let seats = try await buyer.seats(of: sale.event.id)
        #expect(seats.count == 20 && seats.allSatisfy { $0.status == .available })

        let wanted = ["A-1-2", "A-1-1"]
        let reservation = try await sale.hold(wanted, by: buyer)
        #expect(reservation.status == .active)
        #expect(reservation.seats.map(\.seatNumber).sorted() == ["A-1-1", "A-1-2"])
        #expect(reservation.totalAmount == DecimalAmount(minorUnits: 9900, decimals: 2))
        #expect(try await buyer.availability(of: sale.event.id).availableCapacity == 18)

        let reply = try await buyer.confirm(reservation.reservationId, key: Sale.key())
        #expect(reply.status == 201, "\(reply.text)")
        let booking: BookingDocument = try reply.decode()
        #expect(booking.status == .confirmed && booking.paymentStatus == .success)
        #expect(booking.bookingReference.hasPrefix("HF-"))
        #expect(booking.tickets.compactMap(\.seatNumber).sorted() == ["A-1-1", "A-1-2"])
        #expect(booking.tickets.allSatisfy { $0.status == .purchased })

        #expect(try await buyer.booking(booking.bookingId) == booking)
        let mine: [BookingDocument] = try await buyer.get("/api/bookings/me")
        #expect(mine == [booking])
        let sold = try await buyer.availability(of: sale.event.id)
        #expect(sold.ticketTypes.map(\.soldQuantity) == [2])
        #expect(sold.ticketTypes.map(\.reservedQuantity) == [0])
        let told = AcknowledgedBooking(bookingID: booking.bookingId, seatNumbers: wanted)
        let audit = try await sale.audit([told])
        #expect(audit.isClean, "\(audit)")
    }

    @Test("a guest buys general admission")
    func generalAdmission() async throws {
        let sale = try await Sale.open(places: 5)
        let guest = try await sale.guest()
        let type = try #require(sale.event.ticketTypes.first { $0.seating == .general })
        let request = ReservationRequest(
            eventId: sale.event.id, items: [ReservationRequest.Item(ticketTypeId: type.id, quantity: 3)])
        let reservation: ReservationDocument = try await guest.reserve(request).value()
        #expect(reservation.quantity == 3 && reservation.seats.isEmpty)
        let second = try await guest.reserve(request)
        expectProblem(second, 409, "sold-out")
        let booking: BookingDocument = try await guest.confirm(reservation.reservationId, key: Sale.key()).value()
        #expect(booking.tickets.count == 3 && booking.tickets.allSatisfy { $0.seatNumber == nil })
        let audit = try await sale.audit()
        #expect(audit.isClean, "\(audit)")
    }

    @Test("a declined card leaves the hold, and another card buys it")
    func declinedThenPaid() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let reservation = try await sale.hold(["A-1-1"], by: guest)
        let declined = try await guest.confirm(
            reservation.reservationId, payment: .token("tok_declined"), key: Sale.key())
        expectProblem(declined, 402, "payment-declined")
        let paid = try await guest.confirm(reservation.reservationId, key: Sale.key())
        #expect(paid.status == 201, "\(paid.text)")
        let audit = try await sale.audit()
        #expect(audit.isClean && audit.chargesCaptured == 1, "\(audit)")
    }

    @Test("of two buyers of one seat one gets it, and the other is told which seat is gone")
    func contendedSeat() async throws {
        let sale = try await Sale.open()
        let first = try await sale.guest()
        let second = try await sale.guest()
        _ = try await sale.hold(["A-1-1", "A-1-2"], by: first)
        let refused = try await second.reserve(
            ReservationRequest(eventId: sale.event.id, seatNumbers: ["A-1-2", "A-1-3"]))
        expectProblem(refused, 409, "seat-unavailable")
        #expect(refused.problem?.conflicts == ["A-1-2"])
        _ = try await sale.hold(["A-1-3"], by: second)
    }

    @Test("a released hold is sellable at once, and releasing again changes nothing")
    func release() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        let reservation = try await sale.hold(["A-1-1"], by: guest)
        #expect(try await guest.release(reservation.reservationId).status == 204)
        let other = try await sale.guest()
        _ = try await sale.hold(["A-1-1"], by: other)
        #expect(try await guest.release(reservation.reservationId).status == 204)
        expectProblem(
            try await other.reserve(ReservationRequest(eventId: sale.event.id, seatNumbers: ["A-1-1"])), 409,
            "seat-unavailable")
    }

    @Test("the monitor counts the attempts on a seat")
    func contentionStatistics() async throws {
        let sale = try await Sale.open()
        let guest = try await sale.guest()
        _ = try await sale.hold(["A-2-7"], by: guest)
        let key = "seat:\(sale.event.id):A-2-7"
        try await eventually(within: .seconds(3), "the attempt is counted") {
            let statistics: LockStatisticsDocument = try await guest.get("/api/monitoring/lock-contention/\(key)")
            return statistics.totalAttempts == 1 && statistics.successfulAttempts == 1
        }
        let report: LockContentionDocument = try await guest.get("/api/monitoring/lock-contention?top=1000")
        #expect(report.window == "total" && report.totals.totalAttempts >= 1)
    }

    @Test("health names all seven services as ready")
    func health() async throws {
        struct Health: Decodable {
            struct Service: Decodable { let status: String }
            let status: String
            let services: [String: Service]
        }
        let client = try await SharedStack.get().client()
        var reply = try await client.send("GET", "/health")
        // A second is short for all their answers when the machine is busy.
        try await eventually("all are ready") {
            if reply.status != 200 { reply = try await client.send("GET", "/health") }
            return reply.status == 200
        }
        let health: Health = try reply.decode()
        #expect(
            Set(health.services.keys).isSuperset(of: ["auth", "events", "inventory", "booking", "payment", "search"]))
        #expect(Set(health.services.values.map(\.status)) == [health.status])
    }
}
