import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import booking

@Suite(.onBothDatabases) struct ConfirmControllerTests {
    private func order(_ id: String, _ payment: String = #"{"method":"tok_visa"}"#) -> String {
        #"{"reservationId":"\#(id)","payment":\#(payment)}"#
    }

    @Test(arguments: ["/api/bookings/confirm", "/api/bookings"])
    func `both doors sell, and a repeat through either is a replay`(door: String) async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        try await harness.run { client in
            let first = try await client.post(order(id), to: door, key: "k")
            #expect(first.status == .created)
            #expect(first.headers[.idempotentReplayed] == nil)
            #expect(try first.decode(BookingDocument.self).status == .confirmed)
            for again in ["/api/bookings", "/api/bookings/confirm"] {
                let repeated = try await client.post(order(id), to: again, key: "k")
                #expect(repeated.status == .created)
                #expect(repeated.headers[.idempotentReplayed] == "true")
                #expect(repeated.body == first.body)
            }
        }
    }

    @Test func `the event whose checkout holds places may be named instead, and a repeat is a replay`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        let event = try #require(harness.inventory[id]?.document.eventId)
        let body = #"{"concertId":"\#(event)","payment":{"method":"tok_visa"}}"#
        try await harness.run { client in
            let first = try await client.post(body, key: "k")
            #expect(first.status == .created)
            #expect(try first.decode(BookingDocument.self).reservationId == id)
            let repeated = try await client.post(body, key: "k")
            #expect(repeated.headers[.idempotentReplayed] == "true" && repeated.body == first.body)
            let anew = try await client.post(body, key: "another")
            #expect(anew.status == .gone && anew.problemCode == "reservation-expired")
        }
    }

    @Test func `the key may come in the body`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        try await harness.run { client in
            let body = #"{"reservationId":"\#(id)","payment":{"method":"tok_visa"},"idempotencyKey":"in-body"}"#
            #expect(try await client.post(body).status == .created)
            #expect(try await client.post(body).headers[.idempotentReplayed] == "true")
            let other = try await client.post(body, key: "other")
            #expect(other.status == .badRequest)
            #expect(other.problemCode == "idempotency-key-invalid")
        }
    }

    @Test func `a key that is missing, too long or of another form is 400`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        try await harness.run { client in
            let missing = try await client.post(order(id))
            #expect(missing.status == .badRequest)
            #expect(missing.problemCode == "idempotency-key-required")
            for key in [String(repeating: "k", count: 256), "ké", "a b"] {
                let refused = try await client.post(order(id), key: key)
                #expect(refused.status == .badRequest)
                #expect(refused.problemCode == "idempotency-key-invalid")
            }
            #expect(try await client.post(order(id), key: String(repeating: "k", count: 255)).status == .created)
        }
    }

    @Test func `a key reused for another body is 422`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        try await harness.run { client in
            _ = try await client.post(order(id), key: "k")
            let other = try await client.post(order(id, #"{"method":"tok_other"}"#), key: "k")
            #expect(other.status == .unprocessableContent)
            #expect(other.problemCode == "idempotency-key-reused")
        }
    }

    @Test func `bodies that cannot be read or used are refused, and nothing is asked of anybody`() async throws {
        let harness = try await ControllerHarness()
        let long = String(repeating: "4", count: 33)
        let cases: [(body: String, status: HTTPResponse.Status, code: String)] = [
            ("", .badRequest, "malformed-json"), ("{", .badRequest, "malformed-json"),
            ("[]", .unprocessableContent, "invalid-fields"), ("{}", .unprocessableContent, "invalid-fields"),
            (#"{"reservationId":7}"#, .unprocessableContent, "invalid-fields"),
            (#"{"reservationId":""}"#, .unprocessableContent, "invalid-fields"),
            (#"{"reservationId":"r","payment":"card"}"#, .unprocessableContent, "invalid-fields"),
            (#"{"reservationId":"r","payment":{"cardNumber":"\#(long)"}}"#, .unprocessableContent, "invalid-fields"),
            (#"{"reservationId":"r","payment":{"amount":"9"}}"#, .unprocessableContent, "invalid-fields"),
            (order("../secret"), .notFound, "not-found"), (order("a/b"), .notFound, "not-found"),
            (order(String(repeating: "a", count: 65)), .notFound, "not-found"),
        ]
        try await harness.run { client in
            for (body, status, code) in cases {
                let refused = try await client.post(body, key: "k")
                #expect(refused.status == status, "\(body)")
                #expect(refused.problemCode == code, "\(body)")
                #expect(!String(buffer: refused.body).contains(long))
            }
        }
        #expect(harness.inventory.faults.count(.pin) == 0)
    }

    @Test func `only who is signed in may buy, and only their own hold`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold(by: "ada")
        try await harness.run { client in
            #expect(try await client.post(order(id), key: "k", as: nil).status == .unauthorized)
            let foreign = try await client.post(order(id), key: "k", as: "eve")
            #expect(foreign.status == .notFound)
            #expect(try await client.post(order(id), key: "k", as: "ada").status == .created)
        }
    }

    @Test func `declined is 402 as a problem, and replayed as one`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        try await harness.run { client in
            for replayed in [nil, "true"] {
                let declined = try await client.post(order(id, #"{"method":"tok_declined"}"#), key: "k")
                #expect(declined.status.code == 402)
                #expect(declined.problemCode == "payment-declined")
                #expect(declined.headers[.idempotentReplayed] == replayed)
            }
        }
    }

    @Test func `an unknown outcome is 202 with a time to ask again and a booking to poll`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        try await harness.run { client in
            let answer = try await client.post(order(id, #"{"method":"tok_timeout"}"#), key: "k")
            #expect(answer.status == .accepted)
            #expect(answer.headers[.retryAfter] == "1")
            let booking = try answer.decode(BookingDocument.self)
            let polled = try await client.get("/api/bookings/\(booking.bookingId)")
            #expect(try polled.decode(BookingDocument.self) == booking)
            let other = try await client.post(order(id), key: "k2")
            #expect(other.status == .conflict)
            #expect(other.problemCode == "payment-in-progress")
            #expect(other.headers[.retryAfter] != nil)
        }
    }

    @Test func `without inventory it is 503 at once, and the key stays usable`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        harness.inventory.faults.next(.pin, .requestLost)
        try await harness.run { client in
            let refused = try await client.post(order(id), key: "k")
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.problemCode == "dependency-unavailable")
            #expect(refused.headers[.retryAfter] != nil)
            #expect(try await client.post(order(id), key: "k").status == .created)
        }
    }

    @Test func `nothing of a card is kept`() async throws {
        let harness = try await ControllerHarness()
        let id = harness.inventory.hold()
        let card = #"{"cardNumber":"4242424242424242","cardHolderName":"Ada L","expiryDate":"12/39","cvv":"987"}"#
        try await harness.run { client in
            let answer = try await client.post(order(id, card), key: "k")
            #expect(answer.status == .created)
        }
        let written = try await TestDatabase.text(of: harness.test.databaseURL)
        #expect(written.contains("A-1-1"))
        for secret in ["4242424242424242", "Ada L", "12/39", "987\""] { #expect(!written.contains(secret)) }
    }
}
