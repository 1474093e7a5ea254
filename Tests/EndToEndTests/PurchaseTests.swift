import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// Buying with a payment that was authorized before.
@Suite struct PurchaseTests {
    private func purchase(_ reservation: String, _ payment: String, by buyer: APIClient) async throws -> APIReply {
        try await buyer.send(
            "POST", "/api/tickets/purchase",
            json: PurchaseRequest(reservationId: reservation, paymentReference: payment))
    }

    private func expectRefusal(
        _ reply: APIReply, _ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectProblem(reply, status, code, sourceLocation: sourceLocation)
        #expect(reply.problem?.success == false && reply.problem?.message?.isEmpty == false)
    }

    @Test("what is no payment, or no reservation, buys nothing and says so as its clients expect")
    func refusals() async throws {
        let sale = try await Sale.open(places: 5)
        let buyer = try await sale.guest()
        let hold = try await sale.hold(["A-1-1"], by: buyer)
        expectRefusal(
            try await purchase(hold.reservationId, "not a payment", by: buyer), 402, "payment-reference-invalid")
        expectRefusal(try await purchase(hold.reservationId, "", by: buyer), 422, "invalid-fields")
        expectRefusal(try await purchase("", "PAY_1", by: buyer), 422, "invalid-fields")
        expectRefusal(try await purchase("no such thing", "PAY_1", by: buyer), 404, "not-found")
        expectRefusal(try await purchase(Sale.key(), "PAY_1", by: buyer), 404, "not-found")
        expectRefusal(try await purchase(hold.reservationId, "PAY_1", by: try await sale.guest()), 404, "not-found")
        expectProblem(
            try await purchase(hold.reservationId, "PAY_1", by: sale.stack.client()), 401, "unauthorized")
        let mine: [BookingDocument] = try await buyer.get("/api/bookings/me")
        #expect(mine.isEmpty)
        #expect(try await buyer.confirm(hold.reservationId, key: Sale.key()).status == 201)
    }

    /// A payment of a new buyer's, authorized for `minorUnits`.
    private func pay(_ minorUnits: Int64, by buyer: APIClient) async throws -> PaymentDocument {
        try await buyer.send(
            "POST", "/api/payments",
            json: AuthorizePaymentRequest(
                amount: DecimalAmount(minorUnits: minorUnits, decimals: 2), method: .token("tok_visa"))
        ).value()
    }

    @Test("reserve, pay, purchase: the tickets keep their numbers, the same pair is one purchase")
    func purchase() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        let reserved: TicketReservationReply = try await buyer.reserveTickets(sale, quantity: 2).value()
        let payment = try await pay(4000, by: buyer)
        async let one = purchase(reserved.reservationId, payment.reference, by: buyer)
        async let two = purchase(reserved.reservationId, payment.reference, by: buyer)
        let replies = try await [one, two]
        let bought = try #require(replies.first { $0.status == 200 })
        for other in replies where other.status != 200 { expectRefusal(other, 409, "request-in-progress") }
        let document: PurchaseDocument = try bought.value()
        #expect(document.success && document.message == "Successfully purchased 2 ticket(s)")
        #expect(document.tickets.map(\.ticketNumber) == reserved.tickets.map(\.ticketNumber))
        #expect(document.totalPrice == DecimalAmount(minorUnits: 4000, decimals: 2))
        let again = try await purchase(reserved.reservationId, payment.reference, by: buyer)
        #expect(again.text == bought.text && again.headers.first("Idempotent-Replayed") == "true")
        let captured: PaymentDocument = try await buyer.get("/api/payments/\(payment.paymentId)")
        #expect(captured.status == "Captured" && captured.bookingId == document.bookingId)

        let other: TicketReservationReply = try await buyer.reserveTickets(sale, quantity: 2).value()
        expectRefusal(
            try await purchase(other.reservationId, payment.reference, by: buyer), 409, "payment-reference-used")
        let less = try await pay(3999, by: buyer)
        expectRefusal(
            try await purchase(other.reservationId, less.reference, by: buyer), 402, "payment-reference-invalid")
        let foreign = try await pay(4000, by: try await sale.guest())
        expectRefusal(
            try await purchase(other.reservationId, foreign.reference, by: buyer), 402, "payment-reference-invalid")
        expectRefusal(
            try await purchase(reserved.reservationId, less.reference, by: buyer), 410, "reservation-confirmed")

        let cancelled: BookingDocument = try await buyer.cancel(document.bookingId).value()
        #expect(cancelled.status == .cancelled && cancelled.paymentStatus == .refunded)
        let audit = try await sale.audit([
            AcknowledgedBooking(bookingID: document.bookingId, seatNumbers: [], isCancelled: true)
        ])
        #expect(audit.isClean && audit.bookingsConfirmed == 0, "\(audit)")
    }
}
