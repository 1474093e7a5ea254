import Contracts
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

@testable import payment

@Suite("The routes of payment", .onBothDatabases)
struct PaymentRoutesTests {
    private func request(
        _ key: String, _ payment: PaymentMethod = .token("tok_visa"), amount: Int64 = 5_000, currency: String = "USD"
    ) -> ChargeRequest {
        ChargeRequest(
            chargeKey: key, bookingId: "b-\(key)", userId: "user-1", amountMinorUnits: amount, currency: currency,
            payment: payment)
    }

    @Test("answer a charge with 201, 402, 202, 409 and 422")
    func charges() async throws {
        try await RoutesCaller.run { caller async throws in
            let captured = try await caller.post("/internal/charges", request("k1"))
            #expect(captured.status == .created)
            #expect(try captured.decoded(ChargeDocument.self).state == .captured)
            let again = try await caller.post("/internal/charges", request("k1"))
            #expect(again.status == .created)
            #expect(try again.decoded(ChargeDocument.self) == captured.decoded(ChargeDocument.self))

            let declined = try await caller.post("/internal/charges", request("k2", .card("4000000000009995")))
            #expect(declined.status.code == 402)
            #expect(try declined.decoded(ProblemDocument.self).code == "payment-declined")
            #expect(String(buffer: declined.body).contains(#""declineCode":"insufficient_funds""#))

            let pending = try await caller.post("/internal/charges", request("k3", .token("tok_timeout")))
            #expect(pending.status == .accepted)
            #expect(pending.headers[.retryAfter] == "1")
            #expect(try pending.decoded(ChargeDocument.self).state == .pending)

            let void = VoidRequest(bookingId: "b-k4", userId: "user-1", amountMinorUnits: 5_000, currency: "USD")
            let voided = try await caller.post("/internal/charges/k4/void", void)
            #expect(voided.status == .ok)
            #expect(try voided.decoded(ChargeDocument.self).state == .voided)
            let excluded = try await caller.post("/internal/charges", request("k4"))
            #expect(excluded.status == .conflict)
            #expect(try excluded.decoded(ProblemDocument.self).code == "charge-voided")

            let reused = try await caller.post("/internal/charges", request("k1", amount: 4_999))
            #expect(reused.status == .unprocessableContent)
            #expect(try reused.decoded(ProblemDocument.self).code == "charge-key-reused")
        }
    }

    @Test("name every wrong field of a charge, and never its card")
    func fields() async throws {
        try await RoutesCaller.run { caller async throws in
            let wrong = ChargeRequest(
                chargeKey: "a/b", bookingId: "", userId: "u", amountMinorUnits: 0, currency: "XXX",
                payment: .token("tok_visa"))
            let problem = try await caller.post("/internal/charges", wrong).decoded(ProblemDocument.self)
            #expect(problem.status == 422)
            #expect(
                problem.errors?.map(\.field) == ["chargeKey", "bookingId", "amountMinorUnits", "currency"])

            let card = PaymentMethod.card("4242424242424241", expiry: "01/20", cvv: "1")
            let refused = try await caller.post("/internal/charges", request("k1", card))
            #expect(
                try refused.decoded(ProblemDocument.self).errors?.map(\.field)
                    == ["payment.cardNumber", "payment.expiryDate", "payment.cvv"])
            #expect(!String(buffer: refused.body).contains("4242424242424241"))

            let token = try await caller.post("/internal/charges", request("k1", .token("tok_x")))
            #expect(try token.decoded(ProblemDocument.self).errors?.map(\.field) == ["payment.method"])
            let malformed = try await caller.send(
                .post, "/internal/charges", caller.test.internalBearer(from: .booking), ByteBuffer(string: "{"))
            #expect(malformed.status == .badRequest)
        }
    }

    @Test("find, void and refund a charge by its key")
    func chargeByKey() async throws {
        try await RoutesCaller.run { caller async throws in
            #expect(try await caller.get("/internal/charges/k1").status == .notFound)
            _ = try await caller.post("/internal/charges", request("k1", .token("tok_refund_fails")))
            #expect(try await caller.get("/internal/charges/k1").decoded(ChargeDocument.self).state == .captured)
            let refund = RefundRequest(refundKey: "r1")
            let failed = try await caller.post("/internal/charges/k1/refund", refund)
            #expect(failed.status == .serviceUnavailable)
            #expect(try failed.decoded(ProblemDocument.self).code == "refund-failed")
            let done = try await caller.post("/internal/charges/k1/refund", refund)
            #expect(try done.decoded(ChargeDocument.self).refundedMinorUnits == 5_000)
            let tooMuch = try await caller.post(
                "/internal/charges/k1/refund", RefundRequest(refundKey: "", amountMinorUnits: -1))
            #expect(
                try tooMuch.decoded(ProblemDocument.self).errors?.map(\.field) == ["refundKey", "amountMinorUnits"])
        }
    }

    @Test("keep everybody but services away from the internal ones")
    func internalOnly() async throws {
        try await RoutesCaller.run { caller async throws in
            for token in [caller.test.bearer("user-1"), caller.test.bearer("admin", .admin), "Bearer x"] {
                let charged = try await caller.post("/internal/charges", request("k1"), as: token)
                #expect(charged.status == .unauthorized)
                let found = try await caller.get("/internal/charges/k1", as: token)
                #expect(found.status == .unauthorized)
            }
        }
    }

    @Test("show a payment to its payer only, and all to an admin")
    func payments() async throws {
        try await RoutesCaller.run { caller async throws in
            let charge = try await caller.post("/internal/charges", request("k1")).decoded(ChargeDocument.self)
            let path = "/api/payments/\(charge.paymentId)"
            let mine = try await caller.get(path, as: caller.test.bearer("user-1"))
            #expect(mine.status == .ok)
            let document = try mine.decoded(PaymentDocument.self)
            #expect(document.status == "Captured")
            #expect(document.reference.hasPrefix("PAY_"))
            #expect(document.amount == Money(minorUnits: 5_000, currency: .usd).amount)
            #expect(try await caller.get(path, as: caller.test.bearer("user-2")).status == .notFound)
            #expect(try await caller.get(path, as: "").status == .unauthorized)

            let audit = "/api/payments/reconciliation"
            #expect(try await caller.get(audit, as: caller.test.bearer("user-1")).status == .forbidden)
            let admin = caller.test.bearer("root", .admin)
            let page = try await caller.get(audit, as: admin).decoded([PaymentReconciliationEntry].self)
            #expect(page.map(\.chargeKey) == ["k1"])
            #expect(page.map(\.captures) == [1])
            #expect(try await caller.get(audit + "?after=k1", as: admin).decoded([ChargeDocument].self).isEmpty)
            #expect(try await caller.get(audit + "?limit=0", as: admin).status == .unprocessableContent)
        }
    }
}
