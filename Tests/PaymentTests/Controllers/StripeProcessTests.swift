import Contracts
import DatabaseKit
import Foundation
import HTTPKit
import NIOCore
import TestSupport
import Testing

@testable import payment

/// The whole service with Stripe behind it, as processes.
@Suite("The service with Stripe", .serialized) struct StripeProcessTests {
    private static let webhookSecret = "whsec_of_the_process_tests"
    private static let declinedCard = "4000000000000341"

    private func run(_ body: (PaymentProcess, ChildProcess, LocalStripe) async throws -> Void) async throws {
        try await LocalStripe.with { stripe in
            let payment = try await PaymentProcess([
                "PAYMENT_PROVIDER": "stripe", "STRIPE_BASE_URL": stripe.url,
                "STRIPE_SECRET_KEY": LocalStripe.secretKey, "STRIPE_WEBHOOK_SECRET": Self.webhookSecret,
                "PROVIDER_SECONDS": "5", "LOG_LEVEL": "trace",
            ])
            let process = try await payment.start()
            try await body(payment, process, stripe)
            process.kill()
            await payment.close()
        }
    }

    private func charge(_ key: String, _ method: PaymentMethod) -> ChargeRequest {
        ChargeRequest(
            chargeKey: key, bookingId: "b-\(key)", userId: "user-1", amountMinorUnits: 5_000, currency: "USD",
            payment: method)
    }

    @Test("pays, declines and refunds, and a webhook that comes twice counts once")
    func wholeStory() async throws {
        try await run { payment, process, stripe async throws in
            // Two subscriptions to one address: every event is delivered twice, with one id.
            let address = "http://127.0.0.1:\(payment.endpoint.port)/api/payments/webhooks/stripe"
            for name in ["one", "two"] {
                try await stripe.subscribe(name, to: address, secret: Self.webhookSecret)
            }
            try await stripe.subscribe("forger", to: address, secret: "whsec_somebody_elses")
            let paid = try await payment.internally("POST", "", charge("k1", .token("pm_card_visa")))
            #expect(paid.status == 201)
            let declined = try await payment.internally("POST", "", charge("k2", .card(Self.declinedCard, cvv: "123")))
            #expect(declined.status == 402)
            let refunded = try await payment.internally("POST", "/k1/refund", RefundRequest(refundKey: "r1"))
            #expect(refunded.status == 200)
            #expect(try await stripe.refunded() == 5_000)
            // Both deliveries of both events and the two forged ones have come when the log says so.
            try await eventually(within: .seconds(20), "the webhooks") {
                let log = (try? String(contentsOfFile: payment.logFile, encoding: .utf8)) ?? ""
                return log.components(separatedBy: "webhook received").count - 1 >= 4
                    && log.components(separatedBy: "refused a webhook").count - 1 >= 2
            }
            process.kill()
            let (stored, ledger) = try await payment.read { session in
                (
                    try session.query("SELECT COUNT(*) FROM webhook_events")[0].int(0),
                    try session.query("SELECT kind FROM ledger WHERE charge_key = 'k1' ORDER BY kind").map {
                        try $0.string(0)
                    }
                )
            }
            #expect(stored == 2)
            #expect(ledger == ["authorize", "capture", "refund"])
        }
    }

    @Test("keeps card data and secrets out of databases, logs and answers")
    func secrecy() async throws {
        let cards = [
            PaymentMethod.card("4242424242424242", holder: "Grace Hopper", expiry: "11/2033", cvv: "739"),
            .card(Self.declinedCard, holder: "Grace Hopper", expiry: "11/2033", cvv: "739"),
            .card("4242424242424241", holder: "Grace Hopper", expiry: "11/2033", cvv: "739"),
        ]
        try await run { payment, _, _ async throws in
            var answers = ""
            for (index, card) in cards.enumerated() {
                let charged = try await payment.internally("POST", "", charge("k\(index)", card))
                let request = AuthorizePaymentRequest(
                    amount: Money(minorUnits: 5_000, currency: .usd).amount, method: card)
                let made = try await payment.ask("POST", "", request, key: "key-\(index)")
                answers += String(buffer: charged.body) + String(buffer: made.body)
            }
            let log = try String(contentsOfFile: payment.logFile, encoding: .utf8)
            let stored = try await TestDatabase.text(of: payment.databaseURL)
            #expect(stored.contains("b-k0") && log.contains("/internal/charges") && answers.contains("paymentId"))
            for secret in [
                "4242424242424242", Self.declinedCard, "4242424242424241", "Grace Hopper", "11/2033", "739\"",
                LocalStripe.secretKey, Self.webhookSecret,
            ] {
                #expect(!stored.contains(secret) && !log.contains(secret) && !answers.contains(secret), "\(secret)")
            }
        }
    }
}
