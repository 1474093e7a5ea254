import Contracts
import HTTPKit
import TestSupport
import Testing

@testable import payment

@Suite("A payment before a purchase", .onBothDatabases)
struct AuthorizePaymentTests {
    @Test("is agreed to, and nothing is taken", arguments: [PaymentMethod.token("tok_visa"), .card()])
    func authorizes(_ method: PaymentMethod) async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize(method)
            #expect(made.state == .authorized)
            #expect(made.reference.hasPrefix("PAY_"))
            #expect(made.lastFour == (method.cardNumber == nil ? nil : "4242"))
            #expect(try await payment.ledger(made.providerKey) == ["authorize"])
            #expect(try await payment.heldByProvider(made.providerKey) == 0)
        }
    }

    @Test(
        "that the bank refuses is declined",
        arguments: [("tok_declined", "card_declined"), ("tok_insufficient", "insufficient_funds")])
    func declines(_ token: String, _ code: String) async throws {
        try await PaymentHarness.run { payment async throws in
            #expect(await refusal { try await payment.authorize(.token(token)) } == .declined(code: code))
        }
    }

    @Test("is the same when its intent is repeated, and refused when that names another amount")
    func intent() async throws {
        try await PaymentHarness.run { payment async throws in
            let first = try await payment.authorize(intent: "i")
            #expect(try await payment.authorize(intent: "i") == first)
            #expect(await refusal { try await payment.authorize(.token("tok_visa"), 1, intent: "i") } == .intentReused)
            #expect(try await payment.authorize(user: "user-2", intent: "i").paymentID != first.paymentID)
            payment.clock.advance(by: .seconds(86_401))
            #expect(try await payment.authorize(intent: "i").paymentID != first.paymentID)
        }
    }

    @Test("whose answer is lost is pending, and found by asking or by a repeat")
    func lostAnswer() async throws {
        try await PaymentHarness.run { payment async throws in
            payment.provider.losesAnswers(true)
            let (asked, repeated) = (
                try await payment.authorize(intent: "a"), try await payment.authorize(intent: "b")
            )
            #expect(asked.state == .pending)
            payment.provider.losesAnswers(false)
            guard
                case .authorization(let found) = try await payment.cases.findPayment.execute(
                    asked.paymentID, until: .after(.seconds(1)))
            else {
                Issue.record("the payment is not there")
                return
            }
            #expect(found.state == .authorized)
            #expect(try await payment.authorize(intent: "b").state == .authorized)
            for made in [asked, repeated] {
                #expect(try await payment.ledger(made.providerKey) == ["authorize"])
            }
        }
    }

    @Test("is one of at most ten that nothing was bought with")
    func limit() async throws {
        try await PaymentHarness.run { payment async throws in
            var made: [Authorization] = []
            for _ in 0..<AuthorizationStore.unclaimedMax { made.append(try await payment.authorize()) }
            #expect(await refusal { try await payment.authorize() } == .tooManyUnclaimed)
            _ = try await payment.authorize(user: "user-2")
            _ = try await payment.release(made[0])
            _ = try await payment.authorize()
        }
    }

    @Test("that nobody claims in time is given back, and can then not be claimed")
    func expires() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            let made = try await payment.authorize()
            let silent = try await payment.authorize(.token("tok_timeout"))
            payment.clock.advance(by: .seconds(1199))
            #expect(try await !payment.cases.releaseUnclaimed.isDue())
            payment.clock.advance(by: .seconds(1))
            #expect(await refusal { try await payment.charge("k1", .reference(made.reference)) } == .referenceInvalid)
            #expect(try await payment.cases.releaseUnclaimed.isDue())
            #expect(try await payment.cases.releaseUnclaimed.execute() == 2)
            for id in [made, silent].map(\.paymentID) {
                #expect(try await payment.payments.find(id)?.state == .voided)
            }
            #expect(try await payment.ledger(made.providerKey) == ["authorize", "void"])
            #expect(try await !payment.cases.releaseUnclaimed.isDue())
            let later = try await payment.provider.simulator.capture(made.providerKey, until: .after(.seconds(1)))
            #expect(later == .voided)
        }
    }

    @Test("whose return the provider does not answer is returned by the next look")
    func releaseGoesOn() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize()
            for loss in [ScriptedProvider.Loss.question, .answer] {
                payment.provider.loses(loss)
                #expect(await refusal { try await payment.release(made) } == .providerSilent)
                #expect(
                    await refusal { try await payment.charge("k1", .reference(made.reference)) } == .referenceInvalid)
            }
            payment.provider.loses(nil)
            #expect(try await payment.cases.releaseUnclaimed.execute() == 1)
            #expect(try await payment.ledger(made.providerKey) == ["authorize", "void"])
        }
    }

    @Test("is given back whole by an administrator, once, unless a booking has it")
    func released() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize()
            #expect(await refusal { try await payment.release(made, 4_999) } == .partOfAuthorization)
            #expect(
                await refusal { try await payment.release(made, 5_001) } == .exceedsCharge(leftMinorUnits: 5_000))
            for amount in [5_000, nil] as [Int64?] {
                #expect(try await payment.release(made, amount).state == .voided)
            }
            #expect(try await payment.ledger(made.providerKey) == ["authorize", "void"])

            let claimed = try await payment.authorize()
            _ = try await payment.charge("k1", .reference(claimed.reference))
            #expect(await refusal { try await payment.release(claimed) } == .claimed)
            #expect(try await payment.heldByProvider(claimed.providerKey) == 5_000)
        }
    }

    @Test("that was taken at the provider without a claim is given back and reported")
    func capturedUnclaimed() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize()
            _ = try await payment.provider.simulator.capture(made.providerKey, until: .after(.seconds(1)))
            #expect(try await payment.release(made).state == .voided)
            #expect(try await payment.ledger(made.providerKey) == ["authorize", "capture", "refund"])
            #expect(try await payment.heldByProvider(made.providerKey) == 0)
            #expect(try await payment.differences() == [.capturedUnclaimed])
        }
    }

    @Test("that was taken without a claim is given back by another attempt when the provider refused the first")
    func returnedAgain() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize(.token("tok_refund_fails"))
            _ = try await payment.provider.simulator.capture(made.providerKey, until: .after(.seconds(1)))
            #expect(await refusal { try await payment.release(made) } == .refundFailed(code: "refund_failed"))
            #expect(try await payment.heldByProvider(made.providerKey) == 5_000)
            // Not at once again: a provider that refuses for good would be asked without end.
            #expect(try await payment.cases.releaseUnclaimed.execute() == 0)
            payment.clock.advance(by: .seconds(20))
            payment.provider.loses(.answer)
            #expect(try await payment.cases.releaseUnclaimed.execute() == 0)
            payment.provider.loses(nil)
            #expect(try await payment.cases.releaseUnclaimed.execute() == 1)
            #expect(try await payment.ledger(made.providerKey) == ["authorize", "capture", "refund"])
            #expect(try await payment.heldByProvider(made.providerKey) == 0)
            #expect(try await payment.differences() == [.capturedUnclaimed])
        }
    }
}
