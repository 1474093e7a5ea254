import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import booking

/// Purchases with a payment that was authorized before.
@Suite(.onBothDatabases) struct PurchaseControllerTests {
    private static let uri = "/api/tickets/purchase"

    private func body(_ reservationID: String, _ reference: String, notes: String? = nil) -> String {
        let notes = notes.map { #","notes":"\#($0)""# } ?? ""
        return #"{"reservationId":"\#(reservationID)","paymentReference":"\#(reference)"\#(notes)}"#
    }

    private struct Refusal: Decodable {
        let success: Bool?
        let message: String?
        let code: String
        let instance: String?
    }

    private func expectRefusal(
        _ response: TestResponse, _ status: HTTPResponse.Status, _ code: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let refusal = try response.decode(Refusal.self)
        #expect(response.status == status, sourceLocation: sourceLocation)
        #expect(refusal.code == code, sourceLocation: sourceLocation)
        #expect(refusal.success == false && refusal.message?.isEmpty == false, sourceLocation: sourceLocation)
        #expect(refusal.instance == Self.uri, sourceLocation: sourceLocation)
    }

    @Test func `an authorized payment buys a reservation once; the same pair is the same purchase`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let id = harness.inventory.hold()
            harness.payment.authorize("PAY_ONE", 9000)
            let bought = try await client.post(body(id, "PAY_ONE", notes: "aisle"), to: Self.uri)
            #expect(bought.status == .ok)
            let purchase = try bought.decode(PurchaseDocument.self)
            #expect(purchase.success && purchase.message == "Successfully purchased 2 ticket(s)")
            #expect(purchase.bookingReference.hasPrefix("HF-") && purchase.tickets.count == 2)
            #expect(purchase.tickets.allSatisfy { $0.notes == "aisle" })
            #expect(purchase.totalPrice.minorUnits(of: .usd) == 9000)
            for key in [nil, "a-key"] {
                let again = try await client.post(body(id, "PAY_ONE", notes: "aisle"), to: Self.uri, key: key)
                #expect(again.status == .ok && again.body == bought.body)
                #expect(again.headers[.idempotentReplayed] == "true")
            }
            let reused = try await client.post(body(id, "PAY_TWO"), to: Self.uri, key: "a-key")
            #expect(reused.problemCode == "idempotency-key-reused")
            try expectRefusal(
                try await client.post(body(id, "PAY_TWO"), to: Self.uri), .gone, "reservation-confirmed")
            #expect(harness.payment.all.count == 1)
            let booking = try await client.get("/api/bookings/\(purchase.bookingId)").decode(BookingDocument.self)
            #expect(booking.status == .confirmed && booking.tickets == purchase.tickets)
        }
    }

    @Test func `a payment that is none is 402, one that another booking has is 409, and both leave no trace`()
        async throws
    {
        let harness = try await ControllerHarness()
        harness.payment.authorize("PAY_FOREIGN", by: "eve", 9000)
        harness.payment.authorize("PAY_LESS", 8999)
        harness.payment.authorize("PAY_ONE", 9000)
        try await harness.run { client in
            let id = harness.inventory.hold()
            let references = ["PAY_NONE", "PAY_FOREIGN", "PAY_LESS", "whatever", "PAY_../x", "PAY_é"]
            for (index, reference) in references.enumerated() {
                let refused = try await client.post(body(id, reference), to: Self.uri, key: "k\(index)")
                try expectRefusal(refused, .paymentRequired, "payment-reference-invalid")
            }
            #expect(harness.inventory[id]?.pinnedBy == nil)
            #expect(try await client.post(body(id, "PAY_ONE"), to: Self.uri).status == .ok)
            let other = harness.inventory.hold(seats: ["A-2-1", "A-2-2"])
            try expectRefusal(
                try await client.post(body(other, "PAY_ONE"), to: Self.uri), .conflict, "payment-reference-used")
            harness.payment.authorize("PAY_TWO", 9000)
            #expect(try await client.post(body(other, "PAY_TWO"), to: Self.uri).status == .ok)
            let mine = try await client.get("/api/bookings").decode([BookingDocument].self)
            #expect(mine.map(\.status) == [.confirmed, .confirmed])
        }
    }

    @Test func `what cannot be read is refused with success false`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            for bad in [body("", "PAY_ONE"), body("r", ""), body("r", String(repeating: "P", count: 65)), "{}"] {
                try expectRefusal(try await client.post(bad, to: Self.uri), .unprocessableContent, "invalid-fields")
            }
            let long = body("r", "PAY_ONE", notes: String(repeating: "n", count: 501))
            try expectRefusal(try await client.post(long, to: Self.uri), .unprocessableContent, "invalid-fields")
            try expectRefusal(try await client.post("{", to: Self.uri), .badRequest, "malformed-json")
            try expectRefusal(try await client.post(body("a b", "PAY_ONE"), to: Self.uri), .notFound, "not-found")
            try expectRefusal(
                try await client.post(body("r", "PAY_ONE"), to: Self.uri, as: nil), .unauthorized, "unauthorized")
        }
    }

    @Test func `a capture without an outcome is 202, and the pair is answered 200 in the end`() async throws {
        let harness = try await ControllerHarness()
        try await harness.run { client in
            let id = harness.inventory.hold()
            harness.payment.authorize("PAY_ONE", 9000)
            harness.payment.faults.next(.charge, .replyLost)
            let pending = try await client.post(body(id, "PAY_ONE"), to: Self.uri, key: "k")
            #expect(pending.status == .accepted && pending.headers[.retryAfter] == "1")
            #expect(try pending.decode(PurchaseDocument.self).tickets.isEmpty)
            harness.test.clock.advance(by: .seconds(1))
            #expect(try await harness.parts.recover.execute() == 1)
            for key in ["k", nil, "k"] {
                let bought = try await client.post(body(id, "PAY_ONE"), to: Self.uri, key: key)
                #expect(bought.status == .ok)
                #expect(try bought.decode(PurchaseDocument.self).tickets.count == 2)
            }
        }
    }
}
