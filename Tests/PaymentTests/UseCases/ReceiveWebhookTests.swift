import Contracts
import DatabaseKit
import HTTPKit
import TestSupport
import Testing

@testable import payment

@Suite("The provider's messages", .onBothDatabases)
struct ReceiveWebhookTests {
    private func announce(_ payment: PaymentHarness) async throws {
        try await DeliverAnnouncements(
            simulator: payment.provider.simulator, receive: payment.cases.receiveWebhook, clock: payment.clock
        ).execute()
    }

    private func message(
        _ outcome: ProviderOutcome, of key: String, _ payment: PaymentHarness
    ) throws -> WebhookDelivery {
        let announcement = SimulatorMemory.Announcement(key: key, outcome: outcome)
        let body = try #require(try SimulatorMessage(announcement)?.bytes())
        return WebhookDelivery(
            signature: payment.provider.simulator.signature.sign(body, at: payment.clock.now()), body: body)
    }

    private func stored(_ payment: PaymentHarness) async throws -> Int {
        try await payment.database.read { try $0.query("SELECT COUNT(*) FROM webhook_events")[0].int(0) }
    }

    @Test("bring the outcome of a late payment without anybody asking")
    func late() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            _ = try await payment.charge("k1", .token("tok_late"))
            let made = try await payment.authorize(.token("tok_late"))
            try await announce(payment)
            #expect(try await payment.charges.find("k1")?.state == .pending)
            payment.clock.advance(by: PaymentHarness.lateBy)
            try await announce(payment)
            try await announce(payment)
            #expect(try await payment.charges.find("k1")?.state == .captured)
            #expect(try await payment.payments.find(made.paymentID)?.state == .authorized)
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
            #expect(try await stored(payment) == 2)
        }
    }

    @Test("take effect once, however often and however parallel they come")
    func duplicates() async throws {
        try await PaymentHarness.run { payment async throws in
            payment.provider.losesAnswers(true)
            _ = try await payment.charge("k1")
            let delivery = try message(.captured(reference: "r"), of: "k1", payment)
            let news = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { try await payment.cases.receiveWebhook.execute(delivery) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(news == 1)
            #expect(try await stored(payment) == 1)
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
        }
    }

    @Test("settle a claimed payment, whose key is that of the payment")
    func claimed() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize()
            payment.provider.loses(.answer)
            _ = try await payment.charge("k1", .reference(made.reference))
            let delivery = try message(.captured(reference: "r"), of: made.providerKey, payment)
            #expect(try await payment.cases.receiveWebhook.execute(delivery))
            #expect(try await payment.charges.find("k1")?.state == .captured)
        }
    }

    @Test("that are forged, old or cannot be read are refused and leave nothing")
    func refused() async throws {
        try await PaymentHarness.run { payment async throws in
            payment.provider.losesAnswers(true)
            _ = try await payment.charge("k1")
            let genuine = try message(.captured(reference: "r"), of: "k1", payment)
            let forged = WebhookSignature(secret: "other").sign(genuine.body, at: payment.clock.now())
            let nonsense = Array("nonsense".utf8)
            let deliveries: [(WebhookDelivery, WebhookRefusal)] = [
                (WebhookDelivery(signature: forged, body: genuine.body), .notAuthentic),
                (WebhookDelivery(signature: nil, body: genuine.body), .notAuthentic),
                (
                    WebhookDelivery(
                        signature: payment.provider.simulator.signature.sign(nonsense, at: payment.clock.now()),
                        body: nonsense), .malformed
                ),
            ]
            for (delivery, refusal) in deliveries {
                await #expect(throws: refusal) { try await payment.cases.receiveWebhook.execute(delivery) }
            }
            payment.clock.advance(by: .seconds(301))
            await #expect(throws: WebhookRefusal.notAuthentic) {
                try await payment.cases.receiveWebhook.execute(genuine)
            }
            #expect(try await stored(payment) == 0)
            #expect(try await payment.charges.find("k1")?.state == .pending)
        }
    }

    @Test("of unknown payments or of what was settled otherwise change nothing, and reconciliation looks")
    func otherwise() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            for (outcome, key) in [
                (ProviderOutcome.declined(code: "x"), "k1"), (.captured(reference: "r"), "unknown"),
                (.captured(reference: "r"), "payment/unknown"),
            ] {
                #expect(try await payment.cases.receiveWebhook.execute(try message(outcome, of: key, payment)))
            }
            #expect(try await payment.charges.find("k1")?.state == .captured)
            #expect(try await payment.ledger("unknown") == [])
        }
    }

    @Test("are forgotten after a month")
    func purged() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.cases.receiveWebhook.execute(
                try message(.captured(reference: "r"), of: "unknown", payment))
            payment.clock.advance(by: .seconds(31 * 86_400))
            try await payment.reconcile()
            #expect(try await stored(payment) == 0)
        }
    }
}
