import Contracts
import DatabaseKit
import HTTPKit
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import payment

@Suite("Reconciliation", .onBothDatabases)
struct ReconcileTests {
    @Test("records what the provider decided and nobody wrote down")
    func outcomes() async throws {
        try await PaymentHarness.run { payment async throws in
            payment.provider.losesAnswers(true)
            _ = try await payment.charge("taken")
            _ = try await payment.charge("refused", .token("tok_declined"))
            let made = try await payment.authorize()
            payment.provider.losesAnswers(false)
            try await payment.reconcile()
            #expect(try await payment.charges.find("taken")?.state == .captured)
            #expect(try await payment.charges.find("refused")?.state == .declined)
            #expect(try await payment.payments.find(made.paymentID)?.state == .authorized)
            #expect(try await payment.ledger("taken") == ["authorize", "capture"])
            #expect(
                try await payment.differences() == [
                    .authorizationUnrecorded, .outcomeUnrecorded, .outcomeUnrecorded,
                ])
        }
    }

    @Test("leaves alone what is new, undecided or in order")
    func quiet() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            _ = try await payment.charge("fine")
            _ = try await payment.refund("r1", of: "fine", 1_000)
            _ = try await payment.charge("undecided", .token("tok_timeout"))
            _ = try await payment.void("voided")
            #expect(try await !payment.cases.reconcile.isDue())
            try await payment.reconcile()
            try await payment.reconcile()
            #expect(try await payment.differences() == [])
            #expect(try await payment.charges.find("undecided")?.state == .pending)
            _ = try await payment.void("undecided")
            try await payment.reconcile()
            #expect(try await !payment.cases.reconcile.isDue())
        }
    }

    @Test("finishes refunds that died on the way, and tries refused ones again after growing pauses")
    func refunds() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("lost")
            payment.provider.loses(.answer)
            _ = await refusal { try await payment.refund("r1", of: "lost") }
            payment.provider.loses(nil)
            _ = try await payment.charge("refused", .token("tok_refund_fails"))
            _ = await refusal { try await payment.refund("r1", of: "refused") }
            try await payment.reconcile()
            #expect(try await payment.find("lost").refundedMinorUnits == 5_000)
            #expect(try await payment.find("refused").refundedMinorUnits == 0)
            try await payment.reconcile()
            #expect(try await payment.find("refused").refundedMinorUnits == 5_000)
            for key in ["lost", "refused"] { #expect(try await payment.heldByProvider(key) == 0) }
            #expect(try await payment.differences() == [.refundUnfinished, .refundUnfinished])
        }
    }

    @Test("gives back what was taken for a charge that was given up or declined")
    func capturedLate() async throws {
        try await PaymentHarness.run { payment async throws in
            // Both processors said no, and took the money later all the same.
            _ = try await payment.void("voided")
            _ = await refusal { try await payment.charge("declined", .token("tok_declined")) }
            _ = try await payment.void("later")
            for key in ["voided", "declined"] { try await payment.takeByHand(key) }
            try await payment.reconcile()
            // What was compared already is compared again when the provider says something about it.
            try await payment.takeByHand("later")
            let announcement = SimulatorMemory.Announcement(key: "later", outcome: .captured(reference: "by hand"))
            let body = try #require(try SimulatorMessage(announcement)?.bytes())
            let signature = payment.provider.simulator.signature.sign(body, at: payment.clock.now())
            _ = try await payment.cases.receiveWebhook.execute(WebhookDelivery(signature: signature, body: body))
            try await payment.reconcile()
            for key in ["voided", "declined", "later"] {
                let charge = try await payment.find(key)
                #expect(charge.state == .captured && charge.status == "Refunded")
                #expect(try await payment.heldByProvider(key) == 0)
            }
            #expect(try await payment.ledger("voided") == ["authorize", "capture", "refund", "void"])
            #expect(try await payment.differences() == [.capturedLate, .capturedLate, .capturedLate])
        }
    }

    @Test("finishes the return of a late capture when the provider was silent about it")
    func lateReturnGoesOn() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.void("k1")
            try await payment.takeByHand("k1")
            payment.provider.claims(
                ProviderStatus(outcome: .captured(reference: "hand"), refundedMinorUnits: 0), of: "k1")
            payment.provider.loses(.question)
            try await payment.reconcile()
            #expect(try await payment.heldByProvider("k1") == 5_000)
            payment.provider.loses(nil)
            try await payment.reconcile()
            #expect(try await payment.heldByProvider("k1") == 0)
            #expect(try await payment.charges.find("k1")?.status == "Refunded")
        }
    }

    @Test("records what the provider gave back unasked, once")
    func refundUnrecorded() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            let order = ProviderRefund(
                key: "by hand", paymentKey: "k1", amount: Money(minorUnits: 1_500, currency: .usd))
            _ = try await payment.provider.simulator.refund(order, until: .after(.seconds(1)))
            try await payment.reconcile()
            try await payment.reconcile()
            #expect(try await payment.find("k1").refundedMinorUnits == 1_500)
            #expect(try await payment.differences() == [.refundUnrecorded])
            #expect(
                await refusal { try await payment.refund("r1", of: "k1", 3_501) }
                    == .exceedsCharge(leftMinorUnits: 3_500))
        }
    }

    @Test("finishes a refund that failed with what is left, when some went back by hand")
    func refundShrinks() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1", .token("tok_refund_fails"))
            _ = await refusal { try await payment.refund("r1", of: "k1", 5_000) }
            let order = ProviderRefund(
                key: "by hand", paymentKey: "k1", amount: Money(minorUnits: 1_500, currency: .usd))
            _ = try await payment.provider.simulator.refund(order, until: .after(.seconds(1)))
            for _ in 0..<3 { try await payment.reconcile() }
            #expect(try await payment.find("k1").refundedMinorUnits == 5_000)
            #expect(try await payment.heldByProvider("k1") == 0)
            #expect(try await payment.differences() == [.refundUnfinished, .refundUnrecorded])
        }
    }

    @Test("reports money that the provider does not know of, and counts what it reports")
    func missing() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("gone")
            _ = try await payment.charge("less")
            _ = try await payment.refund("r1", of: "less", 2_000)
            payment.provider.claims(ProviderStatus(outcome: .undecided, refundedMinorUnits: 0), of: "gone")
            payment.provider.claims(
                ProviderStatus(outcome: .captured(reference: "x"), refundedMinorUnits: 500), of: "less")
            try await payment.reconcile()
            #expect(Set(try await payment.differences()) == [.captureMissing, .refundMissing])
            let found = try await DifferenceStore(database: payment.database).read(after: "", limit: 10)
            #expect(found.allSatisfy { !$0.isMended })
            let counted = payment.metrics.counter(
                "payment_differences_total", [("kind", "captureMissing"), ("mended", "false")])
            #expect(counted.current == 1)
        }
    }

    @Test("waits for a provider that is away, and goes on from there")
    func away() async throws {
        try await PaymentHarness.run { payment async throws in
            for number in 0..<5 { _ = try await payment.charge("k\(number)") }
            payment.provider.loses(.question)
            try await payment.reconcile()
            #expect(try await payment.cases.reconcile.isDue())
            payment.provider.loses(nil)
            try await payment.reconcile()
            #expect(try await !payment.cases.reconcile.isDue())
        }
    }

    @Test("is done by one replica at a time, and by another when that is gone")
    func lease() async throws {
        try await PaymentHarness.run { payment async throws in
            let replicas = ["one", "two"].map { name in
                LeasedWork(
                    name: "work", database: payment.database, clock: payment.clock, interval: .seconds(1),
                    logger: payment.logger, process: name, isDue: { true }, work: {})
            }
            #expect(try await replicas[0].pass())
            #expect(try await !replicas[1].pass())
            #expect(try await replicas[0].pass())
            payment.clock.advance(by: .seconds(61))
            #expect(try await replicas[1].pass())
            #expect(try await !replicas[0].pass())
        }
    }

    @Test("is ended when it hangs, and begun again", .timeLimit(.minutes(1)))
    func hangs() async throws {
        try await PaymentHarness.run { payment async throws in
            let begun = Atomic(0)
            let work = LeasedWork(
                name: "work", database: payment.database, clock: payment.clock, interval: .seconds(1),
                logger: payment.logger, process: "one", passMax: .milliseconds(50), isDue: { true },
                work: {
                    begun.add(1, ordering: .relaxed)
                    try await Task.sleep(for: .seconds(3600))
                })
            for _ in 0..<2 { await #expect(throws: DeadlinePassed.self) { try await work.pass() } }
            #expect(begun.load(ordering: .relaxed) == 2)
        }
    }
}

extension PaymentHarness {
    /// Makes the processor take the money of a charge that has ended here without any.
    fileprivate func takeByHand(_ key: String) async throws {
        try await database.write { session in
            try session.execute("DELETE FROM simulator_charges WHERE idempotency_key = $1", key)
            try session.execute(
                """
                INSERT INTO simulator_charges (idempotency_key, scenario, voided, amount, reference, settles_at)
                VALUES ($1, 'success', 0, 5000, 'by hand', 0)
                """, key)
        }
    }
}
