import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// What a buyer gives back, and what they get for it.
@Suite struct CancellationTests {
    @Test("a booking that is given back is refunded, and its seats are sold again")
    func whole() async throws {
        let sale = try await Sale.open()
        let buyer = try await sale.guest()
        let booking = try await sale.buy(["A-1-1", "A-1-2"], by: buyer)
        let reply = try await buyer.cancel(booking.bookingId, key: "give-back")
        let cancelled: BookingDocument = try reply.value()
        #expect(reply.status == 200 && cancelled.status == .cancelled && cancelled.paymentStatus == .refunded)
        #expect(cancelled.cancelledAt != nil && cancelled.tickets.allSatisfy { $0.status == .cancelled })
        let repeated = try await buyer.cancel(booking.bookingId, key: "give-back")
        #expect(repeated.text == reply.text && repeated.headers.first("Idempotent-Replayed") == "true")
        #expect(try await buyer.cancel(booking.bookingId).status == 200)
        #expect(try await buyer.booking(booking.bookingId) == cancelled)
        #expect(try await buyer.ticket(booking.tickets[0].ticketId).status == .cancelled)
        #expect(try await sale.available()["Seat"] == 20)

        let next = try await sale.buy(["A-1-1", "A-1-2"], by: try await sale.guest())
        let audit = try await sale.audit([
            AcknowledgedBooking(bookingID: booking.bookingId, seatNumbers: [], isCancelled: true),
            AcknowledgedBooking(bookingID: next.bookingId, seatNumbers: ["A-1-1", "A-1-2"]),
        ])
        #expect(audit.isClean && audit.chargesCaptured == 1, "\(audit)")
    }

    @Test("some tickets are given back for their price: seats, places, one after the other")
    func part() async throws {
        let sale = try await Sale.open(places: 5)
        let buyer = try await sale.guest()
        let standing = try sale.type("Standing")
        let held: ReservationDocument = try await buyer.reserve(
            ReservationRequest(
                eventId: sale.event.id, items: [ReservationRequest.Item(ticketTypeId: standing, quantity: 3)])
        ).value()
        let places: BookingDocument = try await buyer.confirm(held.reservationId, key: Sale.key()).value()
        let seats = try await sale.buy(["A-1-3", "A-1-4"], by: buyer)
        let one: BookingDocument = try await buyer.cancel(
            places.bookingId, tickets: [places.tickets[1].ticketId]
        ).value()
        #expect(one.status == .confirmed && one.paymentStatus == .partiallyRefunded)
        #expect(one.tickets.map(\.status) == [.purchased, .cancelled, .purchased])
        let two: BookingDocument = try await buyer.cancel(
            seats.bookingId, tickets: [seats.tickets[0].ticketId]
        ).value()
        #expect(two.status == .confirmed && two.paymentStatus == .partiallyRefunded)
        #expect(try await sale.available() == ["Seat": 19, "Standing": 3])
        let rest: BookingDocument = try await buyer.cancel(places.bookingId).value()
        #expect(rest.status == .cancelled && rest.paymentStatus == .refunded)
        #expect(try await sale.available() == ["Seat": 19, "Standing": 5])
        let audit = try await sale.audit([
            AcknowledgedBooking(bookingID: places.bookingId, seatNumbers: [], isCancelled: true),
            AcknowledgedBooking(bookingID: seats.bookingId, seatNumbers: ["A-1-4"]),
        ])
        #expect(audit.isClean, "\(audit)")
    }

    @Test("a refund that fails at first is made again")
    func refundFailsOnce() async throws {
        let sale = try await Sale.open()
        let buyer = try await sale.guest()
        let hold = try await sale.hold(["A-1-5"], by: buyer)
        let booking: BookingDocument = try await buyer.confirm(
            hold.reservationId, payment: .token("tok_refund_fails"), key: Sale.key()
        ).value()
        let reply = try await buyer.cancel(booking.bookingId)
        #expect([200, 202].contains(reply.status), "\(reply.text)")
        try await eventually(within: .seconds(20), "the money is back") {
            try await buyer.booking(booking.bookingId).paymentStatus == .refunded
        }
        let audit = try await sale.audit([
            AcknowledgedBooking(bookingID: booking.bookingId, seatNumbers: [], isCancelled: true)
        ])
        #expect(audit.isClean, "\(audit)")
    }

    @Test("what is not theirs, is not there or cannot be given back is refused")
    func refusals() async throws {
        let sale = try await Sale.open()
        let buyer = try await sale.guest()
        let booking = try await sale.buy(["A-1-6", "A-1-7"], by: buyer)
        let stranger = try await sale.guest()
        expectProblem(try await stranger.cancel(booking.bookingId), 404, "not-found")
        expectProblem(try await sale.stack.client().cancel(booking.bookingId), 401, "unauthorized")
        expectProblem(try await buyer.cancel(booking.bookingId, tickets: []), 422, "invalid-fields")
        expectProblem(try await buyer.cancel(booking.bookingId, tickets: ["x"]), 422, "invalid-fields")
        let code = try #require(try await buyer.ticketCode(booking.tickets[0].ticketId))
        #expect(try await sale.admin.checkIn(code).status == 200)
        expectProblem(try await buyer.cancel(booking.bookingId), 409, "ticket-used")
        let declined = try await sale.hold(["A-1-8"], by: buyer)
        _ = try await buyer.confirm(declined.reservationId, payment: .token("tok_declined"), key: Sale.key())
        let mine: [BookingDocument] = try await buyer.get("/api/bookings/me")
        let failed = try #require(mine.first { $0.status == .failed })
        expectProblem(try await buyer.cancel(failed.bookingId), 409, "booking-not-confirmed")
        let rest = try await buyer.cancel(booking.bookingId, tickets: [booking.tickets[1].ticketId], key: "k")
        #expect(rest.status == 200, "\(rest.text)")
        expectProblem(try await buyer.cancel(booking.bookingId, key: "k"), 422, "idempotency-key-reused")
    }

    @Test("tickets are taken back until the event begins")
    func eventBegan() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create(in: .seconds(10))
        let (buyer, booking) = try await organizer.sell("A-1-1", of: event)
        try await eventually(within: .seconds(60), "the event began") {
            try await organizer.event(event.id).status == .ended
        }
        expectProblem(try await buyer.cancel(booking.bookingId), 409, "event-began")
        #expect(try await buyer.ticketCode(booking.tickets[0].ticketId) != nil)
    }

    @Test("two tabs pay for one cart at the same moment: one booking, one charge")
    func twoTabs() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        let standing = try sale.type("Standing")
        struct CheckedOut: Decodable { let reservations: [ReservationDocument] }
        let added = try await buyer.send(
            "POST", "/api/cart/items", text: #"{"ticketTypeId":"\#(standing)","quantity":2}"#)
        #expect(added.status == 201, "\(added.text)")
        async let one = buyer.send("POST", "/api/cart/checkout")
        async let two = buyer.send("POST", "/api/cart/checkout")
        let holds = try await [one, two].compactMap { reply in
            try? reply.decode(CheckedOut.self).reservations.first?.reservationId
        }
        let hold = try #require(holds.first)
        #expect(Set(holds).count == 1)
        async let first = buyer.confirm(hold, key: Sale.key())
        async let second = buyer.confirm(hold, key: Sale.key())
        let replies = try await [first, second]
        #expect(replies.count { $0.status == 201 } == 1, "\(replies.map(\.text))")
        let mine: [BookingDocument] = try await buyer.get("/api/bookings/me")
        #expect(mine.count == 1 && mine.first?.tickets.count == 2)
        let audit = try await sale.audit()
        #expect(audit.isClean && audit.bookingsConfirmed == 1 && audit.chargesCaptured == 1, "\(audit)")
    }
}
