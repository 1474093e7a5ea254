import Contracts
import HTTPKit
import TestSupport
import Testing

@testable import payment

@Suite("Voiding a charge", .onBothDatabases)
struct VoidChargeTests {
    @Test("that was never heard of excludes it for good")
    func unheardOf() async throws {
        try await PaymentHarness.run { payment async throws in
            #expect(try await payment.void("k1").state == .voided)
            #expect(try await payment.void("k1").state == .voided)
            #expect(await refusal { try await payment.charge("k1") } == .voided)
            #expect(payment.provider.chargeCalls == 0)
            #expect(try await payment.ledger("k1") == ["void"])
            #expect(try await payment.heldByProvider("k1") == 0)
        }
    }

    @Test("that had taken the money says so and changes nothing")
    func captured() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            #expect(try await payment.void("k1").state == .captured)
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
        }
    }

    @Test("that had taken the money unnoticed finds that out")
    func capturedUnnoticed() async throws {
        try await PaymentHarness.run { payment async throws in
            payment.provider.losesAnswers(true)
            #expect(try await payment.charge("k1").state == .pending)
            payment.provider.losesAnswers(false)
            #expect(try await payment.void("k1").state == .captured)
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
        }
    }

    @Test("that was declined makes it voided and keeps the reason")
    func declined() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = await refusal { try await payment.charge("k1", .token("tok_declined")) }
            let charge = try await payment.void("k1")
            #expect(charge.state == .voided)
            #expect(charge.declineCode == "card_declined")
            #expect(try await payment.ledger("k1") == ["void"])
        }
    }

    @Test("before a late answer wins over it")
    func beforeLateAnswer() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            _ = try await payment.charge("k1", .token("tok_late"))
            #expect(try await payment.void("k1").state == .voided)
            payment.clock.advance(by: PaymentHarness.lateBy * 2)
            #expect(try await payment.find("k1").state == .voided)
            #expect(try await payment.heldByProvider("k1") == 0)
        }
    }

    @Test("that began but never reached the provider is refused there when it comes")
    func beforeCallArrives() async throws {
        try await PaymentHarness.run { payment async throws in
            let begun = try await payment.charges.begin(payment.order("k1"), lastFour: nil, at: payment.clock.now())
            #expect(try await payment.void("k1").state == .voided)
            let outcome = try await payment.provider.authorize(
                ProviderOrder(key: "k1", amount: begun.amount, instrument: .token("tok_visa"), isCaptured: true),
                until: .after(.seconds(1)))
            #expect(outcome == .voided)
            #expect(try await payment.charges.settle("k1", outcome, at: payment.clock.now()).state == .voided)
        }
    }

    @Test("without the provider's word does not void, and can be asked again")
    func silent() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            _ = try await payment.charge("k1", .token("tok_timeout"))
            payment.provider.losesAnswers(true)
            #expect(await refusal { try await payment.void("k1") } == .providerSilent)
            #expect(try await payment.charges.find("k1")?.state == .pending)
            payment.provider.losesAnswers(false)
            #expect(try await payment.void("k1").state == .voided)
        }
    }

    @Test("in a race with the charge leaves either the money taken or the key closed, and both callers agree")
    func race() async throws {
        try await PaymentHarness.run { payment async throws in
            for number in 0..<60 {
                let key = "k\(number)"
                async let charged = refusal { try await payment.charge(key) }
                async let voided = payment.void(key).state
                let (chargeRefusal, voidState) = (await charged, try await voided)
                #expect((chargeRefusal == nil) == (voidState == .captured))
                #expect(chargeRefusal == nil || chargeRefusal == .voided)
                let held = try await payment.heldByProvider(key)
                #expect(held == (voidState == .captured ? 5_000 : 0))
                let ledger = try await payment.ledger(key)
                #expect(ledger == (voidState == .captured ? ["authorize", "capture"] : ["void"]))
            }
        }
    }
}
