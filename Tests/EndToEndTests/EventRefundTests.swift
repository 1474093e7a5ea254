import Checker
import Contracts
import TestSupport
import Testing

/// A cancelled event gives everybody their money back.
@Suite struct EventRefundTests {
    @Test("every buyer of a cancelled event gets the money back, and the organizer sees how far it is")
    func refunds() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        var sold: [(buyer: APIClient, booking: BookingDocument)] = []
        for seat in 1...5 { sold.append(try await organizer.sell("A-1-\(seat)", of: event)) }
        let before = try await organizer.client.refunds(ofEvent: event.id)
        #expect(before.state == .none && before.bookings == 0)
        #expect(try await sold[0].buyer.cancel(sold[0].booking.bookingId).status == 200)
        let code = try #require(try await sold[1].buyer.ticketCode(sold[1].booking.tickets[0].ticketId))
        #expect(try await organizer.client.checkIn(code).status == 200)

        #expect(try await organizer.post("cancel", of: event.id).status == 200)
        try await eventually(within: .seconds(60), "everything is given back") {
            try await organizer.client.refunds(ofEvent: event.id).state == .done
        }
        let done = try await organizer.client.refunds(ofEvent: event.id)
        #expect(done.bookings == 4 && done.refunded == 4 && done.currency == "USD")
        #expect(done.amountRefunded.minorUnits(of: .usd) == 19_800)
        #expect(done.startedAt != nil && done.finishedAt != nil)
        for (buyer, booking) in sold {
            let now = try await buyer.booking(booking.bookingId)
            #expect(now.status == .cancelled && now.paymentStatus == .refunded)
            #expect(now.tickets.allSatisfy { $0.status == .cancelled })
        }
        expectProblem(try await organizer.post("reactivate", of: event.id), 409, "refunds-began")
        let admin = try await organizer.stack.admin()
        let audit = try await AuditReader(admin: admin).audit(
            eventID: event.id,
            acknowledged: sold.map {
                AcknowledgedBooking(bookingID: $0.booking.bookingId, seatNumbers: [], isCancelled: true)
            }, within: .seconds(30))
        #expect(audit.isClean && audit.chargesCaptured == 0, "\(audit)")
    }

    @Test("a payment that was running when the event was cancelled ends with the money back")
    func whilePaying() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let buyer = try await organizer.stack.client().signUpGuest()
        let hold: ReservationDocument = try await buyer.reserve(
            ReservationRequest(eventId: event.id, seatNumbers: ["A-1-1"])
        ).value()
        let reply = try await buyer.confirm(hold.reservationId, payment: .token("tok_late"), key: Sale.key())
        #expect(try await organizer.post("cancel", of: event.id).status == 200)
        let booking: BookingDocument = try reply.value()
        try await eventually(within: .seconds(60), "the purchase has an end without a ticket") {
            let now = try await buyer.booking(booking.bookingId)
            return [.failed, .refunded, .cancelled].contains(now.status)
        }
        let admin = try await organizer.stack.admin()
        let audit = try await AuditReader(admin: admin).audit(
            eventID: event.id, acknowledged: [], within: .seconds(30))
        #expect(audit.isClean && audit.chargesCaptured == 0, "\(audit)")
    }
}
