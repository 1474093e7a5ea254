import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// Payments before a purchase, through the gateway.
@Suite struct PaymentTests {
    private static let path = "/api/payments"

    private func guest() async throws -> APIClient { try await SharedStack.get().client().signUpGuest() }

    private func request(_ method: PaymentMethod = .token("tok_visa")) -> AuthorizePaymentRequest {
        AuthorizePaymentRequest(amount: DecimalAmount(minorUnits: 4950, decimals: 2), method: method)
    }

    @Test("a buyer has an amount agreed to, once for a key, and only they see it")
    func authorized() async throws {
        let (buyer, stranger, key) = (try await guest(), try await guest(), Sale.key())
        let made = try await buyer.send("POST", Self.path, json: request(), key: key)
        #expect(made.status == 201)
        let payment: PaymentDocument = try made.value()
        #expect(payment.status == "Authorized" && payment.bookingId == nil)
        #expect(payment.amount == DecimalAmount(minorUnits: 4950, decimals: 2) && payment.currency == "USD")
        let again = try await buyer.send("POST", Self.path, json: request(), key: key)
        #expect(again.text == made.text && again.headers.first("Idempotent-Replayed") == "true")

        let shown: PaymentDocument = try await buyer.get("\(Self.path)/\(payment.paymentId)")
        #expect(shown == payment)
        expectProblem(try await stranger.send("GET", "\(Self.path)/\(payment.paymentId)"), 404, "not-found")
        let anonymous = try await SharedStack.get().client().send("GET", "\(Self.path)/\(payment.paymentId)")
        expectProblem(anonymous, 401, "unauthorized")
    }

    @Test("a refused card is 402 and says why, the same for the same key")
    func declined() async throws {
        let (buyer, key) = (try await guest(), Sale.key())
        let card = PaymentMethod(
            cardNumber: "4000000000009995", cardHolderName: "Ada", expiryDate: "12/30", cvv: "123")
        for _ in 0..<2 {
            let reply = try await buyer.send("POST", Self.path, json: request(card), key: key)
            expectProblem(reply, 402, "payment-declined")
            #expect(reply.text.contains("insufficient_funds"))
        }
    }

    @Test(
        "what is wrong with a request is named",
        arguments: [
            (#"{"amount":0,"method":"tok_visa"}"#, "amount"), (#"{"amount":1.001,"method":"tok_visa"}"#, "amount"),
            (#"{"amount":1,"currency":"XXX","method":"tok_visa"}"#, "currency"),
            (#"{"amount":1,"method":"tok_unknown"}"#, "method"), (#"{"amount":1}"#, "method"),
            (#"{"amount":1,"method":{"cardNumber":"4242424242424241"}}"#, "method.cardNumber"),
        ])
    func invalid(body: String, field: String) async throws {
        let reply = try await guest().send("POST", Self.path, text: body)
        expectProblem(reply, 422, "invalid-fields")
        #expect(reply.problem?.errors?.first?.field == field, "\(reply.text)")
        #expect(!reply.text.contains("4242424242424241"))
    }

    @Test("a key with another body is refused, and so is one that is too long")
    func keys() async throws {
        let (buyer, key) = (try await guest(), Sale.key())
        _ = try await buyer.send("POST", Self.path, json: request(), key: key)
        let other = try await buyer.send("POST", Self.path, json: request(.token("tok_declined")), key: key)
        expectProblem(other, 422, "idempotency-key-reused")
        let long = try await buyer.send(
            "POST", Self.path, json: request(), key: String(repeating: "k", count: 256))
        expectProblem(long, 400, "idempotency-key-invalid")
    }

    @Test("a buyer may have ten payments that nothing was bought with")
    func limit() async throws {
        let buyer = try await guest()
        for _ in 0..<10 { #expect(try await buyer.send("POST", Self.path, json: request()).status == 201) }
        expectProblem(try await buyer.send("POST", Self.path, json: request()), 429, "too-many-payments")
    }

    @Test("an administrator gives back what no booking has")
    func refunded() async throws {
        let sale = try await Sale.open()
        let buyer = try await sale.guest()
        let payment: PaymentDocument = try await buyer.send("POST", Self.path, json: request()).value()
        let path = "\(Self.path)/\(payment.paymentId)/refund"
        expectProblem(try await buyer.send("POST", path), 403, "forbidden")
        let tooMuch = RefundPaymentRequest(amount: DecimalAmount(minorUnits: 4951, decimals: 2))
        expectProblem(try await sale.admin.send("POST", path, json: tooMuch), 422, "refund-exceeds-charge")
        for _ in 0..<2 {
            let voided: PaymentDocument = try await sale.admin.send(
                "POST", path, json: RefundPaymentRequest()
            ).value()
            #expect(voided.status == "Voided")
        }
        expectProblem(
            try await sale.admin.send("POST", "\(Self.path)/none/refund", json: RefundPaymentRequest()), 404,
            "not-found")
    }

    @Test("a message that the provider did not sign is refused, and an unknown provider is not there")
    func webhooks() async throws {
        let client = try await SharedStack.get().client()
        let body = #"{"id":"e","type":"payment.captured","paymentKey":"k","reference":"r"}"#
        for signature in ["t=1,v1=00", ""] {
            let reply = try await client.send(
                "POST", "\(Self.path)/webhooks/simulator", text: body, headers: ["Webhook-Signature": signature])
            expectProblem(reply, 400, "webhook-not-authentic")
        }
        let stripe = try await client.send("POST", "\(Self.path)/webhooks/stripe", text: body)
        expectProblem(stripe, 404, "not-found")
    }

    @Test("only administrators see what did not agree")
    func differences() async throws {
        let path = "\(Self.path)/reconciliation/differences"
        expectProblem(try await guest().send("GET", path), 403, "forbidden")
        let admin = try await SharedStack.get().admin()
        #expect(try await admin.send("GET", path).status == 200)
        expectProblem(try await admin.send("GET", path + "?limit=0"), 422, "invalid-fields")
    }

    @Test("a payment object with a reference in it is no payment for a confirmation")
    func referenceInConfirmation() async throws {
        let sale = try await Sale.open()
        let buyer = try await sale.guest()
        let payment: PaymentDocument = try await buyer.send("POST", Self.path, json: request()).value()
        let hold = try await sale.hold(["A-1-1"], by: buyer)
        let reply = try await buyer.send(
            "POST", "/api/bookings/confirm",
            text: #"{"reservationId":"\#(hold.reservationId)","payment":{"reference":"\#(payment.reference)"}}"#,
            headers: ["Idempotency-Key": Sale.key()])
        expectProblem(reply, 422, "invalid-fields")
    }
}
