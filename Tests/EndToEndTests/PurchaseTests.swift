import Checker
import Contracts
import TestSupport
import Testing

/// Buying with a payment that was authorized before: what is refused before any payment is looked at.
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
}
