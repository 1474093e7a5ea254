import Contracts
import HTTPTypes
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import payment

@Suite("The routes of payments before a purchase", .onBothDatabases)
struct PaymentsBeforePurchaseTests {
    private static let secret = "whsec_of_the_routes"

    private func request(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    private func make(
        _ caller: RoutesCaller, _ text: String = #"{"amount":49.5,"currency":"USD","method":"tok_visa"}"#,
        user: String = "user-1", key: String? = nil
    ) async throws -> (status: Int, code: String?, payment: PaymentDocument?, replayed: Bool) {
        let reply = try await caller.send(
            .post, "/api/payments", caller.test.bearer(user), request(text), key: key)
        return (
            reply.status.code, reply.code, try? reply.decoded(PaymentDocument.self),
            reply.headers[.idempotentReplayed] != nil
        )
    }

    @Test("answer 201 with a reference, for a token or a card, and show it to its payer only")
    func created() async throws {
        try await RoutesCaller.run { caller async throws in
            let card = #"{"cardNumber":"4242424242424242","cardHolderName":"Ada","expiryDate":"12/30","cvv":"123"}"#
            for method in [#""tok_visa""#, card] {
                let made = try await make(caller, #"{"amount":49.50,"method":\#(method)}"#)
                let payment = try #require(made.payment)
                #expect(made.status == 201 && payment.status == "Authorized" && payment.currency == "USD")
                #expect(payment.reference.hasPrefix("PAY_"))
                #expect(payment.amount == Money(minorUnits: 4_950, currency: .usd).amount)
                let path = "/api/payments/\(payment.paymentId)"
                let mine = try await caller.get(path, as: caller.test.bearer("user-1"))
                #expect(try mine.decoded(PaymentDocument.self) == payment)
                #expect(try await caller.get(path, as: caller.test.bearer("user-2")).status == .notFound)
                #expect(try await caller.get(path, as: caller.test.bearer("root", .admin)).status == .notFound)
                #expect(try await caller.get(path, as: "").status == .unauthorized)
            }
        }
    }

    @Test("answer 402 to what the bank refuses, 202 to what it does not answer, and 401 without a token")
    func refused() async throws {
        try await RoutesCaller.run { caller async throws in
            let declined = try await make(caller, #"{"amount":1,"method":"tok_declined"}"#)
            #expect(declined.status == 402 && declined.code == "payment-declined")
            let silent = try await make(caller, #"{"amount":1,"method":"tok_timeout"}"#)
            #expect(silent.status == 202 && silent.payment?.status == "Pending")
            let body = request(#"{"amount":1,"method":"tok_visa"}"#)
            #expect(try await caller.send(.post, "/api/payments", "", body).status == .unauthorized)
        }
    }

    @Test(
        "name what is wrong with a request",
        arguments: [
            (#"{"amount":0,"method":"tok_visa"}"#, "amount"), (#"{"amount":-1,"method":"tok_visa"}"#, "amount"),
            (#"{"amount":1.005,"method":"tok_visa"}"#, "amount"),
            (#"{"amount":1.5,"currency":"JPY","method":"tok_visa"}"#, "amount"),
            (#"{"amount":1e30,"method":"tok_visa"}"#, "amount"), (#"{"method":"tok_visa"}"#, "amount"),
            (#"{"amount":"1","method":"tok_visa"}"#, "amount"),
            (#"{"amount":1,"currency":"XXX","method":"tok_visa"}"#, "currency"),
            (#"{"amount":1,"method":"tok_x"}"#, "method"), (#"{"amount":1}"#, "method"),
            (#"{"amount":1,"method":7}"#, "method"), (#"{"amount":1,"method":{}}"#, "method"),
            (#"{"amount":1,"method":{"reference":"PAY_7K2M9QX4R8TJW3HV"}}"#, "method"),
            (
                #"{"amount":1,"method":{"cardNumber":"4242424242424241","cardHolderName":"A","expiryDate":"12/30","cvv":"1"}}"#,
                "method.cardNumber"
            ),
        ])
    func invalid(_ text: String, _ field: String) async throws {
        try await RoutesCaller.run { caller async throws in
            let reply = try await caller.send(.post, "/api/payments", caller.test.bearer("user-1"), request(text))
            #expect(reply.status == .unprocessableContent, "\(String(buffer: reply.body))")
            let errors = try reply.decoded(ProblemDocument.self).errors
            #expect(errors?.first?.field == field, "\(String(buffer: reply.body))")
            #expect(!String(buffer: reply.body).contains("4242424242424241"))
        }
    }

    @Test("are the same for the same key and body, and refused for another body")
    func idempotent() async throws {
        try await RoutesCaller.run { caller async throws in
            let first = try await make(caller, key: "k")
            let again = try await make(caller, key: "k")
            #expect(again.payment == first.payment && again.replayed && !first.replayed)
            let other = try await make(caller, #"{"amount":1,"method":"tok_visa"}"#, key: "k")
            #expect(other.status == 422 && other.code == "idempotency-key-reused")
            #expect(try await make(caller, user: "user-2", key: "k").payment != first.payment)
            let declined = #"{"amount":1,"method":"tok_declined"}"#
            #expect(try await make(caller, declined, key: "d").status == 402)
            let repeated = try await make(caller, declined, key: "d")
            #expect(repeated.status == 402 && repeated.replayed)
            let long = try await make(caller, key: String(repeating: "k", count: 256))
            #expect(long.status == 400 && long.code == "idempotency-key-invalid")
        }
    }

    @Test("take up under the same key what had no outcome yet")
    func pendingKey() async throws {
        try await RoutesCaller.run(["SIMULATOR_LATE_SECONDS": "10"]) { caller async throws in
            let late = #"{"amount":1,"method":"tok_late"}"#
            let first = try await make(caller, late, key: "k")
            #expect(first.status == 202)
            caller.test.clock.advance(by: .seconds(11))
            let second = try await make(caller, late, key: "k")
            #expect(second.status == 201 && second.payment?.paymentId == first.payment?.paymentId)
            #expect(try await make(caller, late, key: "k").replayed)
        }
    }

    @Test("let an administrator give back what no booking has")
    func refund() async throws {
        try await RoutesCaller.run { caller async throws in
            let made = try #require(try await make(caller).payment)
            let path = "/api/payments/\(made.paymentId)/refund"
            let admin = caller.test.bearer("root", .admin)
            #expect(try await caller.send(.post, path, caller.test.bearer("user-1"), nil).status == .forbidden)
            #expect(
                try await caller.send(.post, path, admin, request(#"{"amount":50}"#)).code == "refund-exceeds-charge")
            #expect(try await caller.send(.post, path, admin, request(#"{"amount":1}"#)).code == "invalid-fields")
            for _ in 0..<2 {
                let reply = try await caller.send(.post, path, admin, request(#"{"amount":49.5}"#))
                #expect(try reply.decoded(PaymentDocument.self).status == "Voided")
            }
            #expect(try await caller.send(.post, "/api/payments/x/refund", admin, nil).status == .notFound)

            let used = try #require(try await make(caller).payment)
            let charge = ChargeRequest(
                chargeKey: "k1", bookingId: "b1", userId: "user-1", amountMinorUnits: 4_950, currency: "USD",
                payment: .reference(used.reference))
            #expect(try await caller.post("/internal/charges", charge).status == .created)
            let refused = try await caller.send(.post, "/api/payments/\(used.paymentId)/refund", admin, nil)
            #expect(refused.status == .conflict && refused.code == "payment-claimed")
            let shown = try await caller.get("/api/payments/\(used.paymentId)", as: caller.test.bearer("user-1"))
            #expect(try shown.decoded(PaymentDocument.self).status == "Captured")
            #expect(try shown.decoded(PaymentDocument.self).bookingId == "b1")
        }
    }

    /// What a booking is told that buys with `reference`: the status and the code.
    private func claim(
        _ key: String, _ reference: String, user: String = "user-1", _ caller: RoutesCaller
    ) async throws -> String {
        let reply = try await caller.post(
            "/internal/charges",
            ChargeRequest(
                chargeKey: key, bookingId: "b-\(key)", userId: user, amountMinorUnits: 4_950, currency: "USD",
                payment: .reference(reference)))
        return "\(reply.status.code) \(reply.code ?? "")"
    }

    @Test("answer booking 402 and 409 to references that are not its to use")
    func references() async throws {
        try await RoutesCaller.run { caller async throws in
            let made = try #require(try await make(caller).payment)
            #expect(try await claim("k1", "PAY_NONE", caller) == "402 payment-reference-invalid")
            #expect(try await claim("k1", made.reference, user: "user-2", caller) == "402 payment-reference-invalid")
            for _ in 0..<2 { #expect(try await claim("k1", made.reference, caller) == "201 ") }
            #expect(try await claim("k2", made.reference, caller) == "409 payment-reference-used")
        }
    }

    private static let message = Array(
        #"{"id":"e1","type":"payment.captured","paymentKey":"k1","reference":"r"}"#.utf8)

    /// What a provider is told that delivers the message: the status and the code.
    private func deliver(
        _ signature: String?, to provider: String = "simulator", _ caller: RoutesCaller
    ) async throws -> String {
        let reply = try await caller.send(
            .post, "/api/payments/webhooks/\(provider)", "", ByteBuffer(bytes: Self.message),
            headers: signature.map { [.webhookSignature: $0] } ?? [:])
        return "\(reply.status.code) \(reply.code ?? "")"
    }

    @Test("take in the provider's signed messages, and nobody else's")
    func webhooks() async throws {
        try await RoutesCaller.run(["SIMULATOR_WEBHOOK_SECRET": Self.secret]) { caller async throws in
            let now = caller.test.clock.now()
            let good = WebhookSignature(secret: Self.secret).sign(Self.message, at: now)
            for _ in 0..<2 { #expect(try await deliver(good, caller) == "200 ") }
            let old = WebhookSignature(secret: Self.secret).sign(Self.message, at: now - .seconds(301))
            let foreign = WebhookSignature(secret: "other").sign(Self.message, at: now)
            for bad in [nil, "", "t=1,v1=00", old, foreign] {
                #expect(try await deliver(bad, caller) == "400 webhook-not-authentic")
            }
            for provider in ["stripe", "unknown"] {
                #expect(try await deliver(good, to: provider, caller) == "404 not-found")
            }
        }
    }

    @Test("show administrators what did not agree")
    func differences() async throws {
        try await RoutesCaller.run { caller async throws in
            let path = "/api/payments/reconciliation/differences"
            #expect(try await caller.get(path, as: caller.test.bearer("user-1")).status == .forbidden)
            let list = try await caller.get(path, as: caller.test.bearer("root", .admin))
            #expect(try list.decoded([PaymentDifference].self).isEmpty)
        }
    }
}
