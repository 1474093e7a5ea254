import Contracts
import HTTPKit
import TestSupport
import Testing

@testable import payment

@Suite("Charging a buyer", .onBothDatabases)
struct ChargeBuyerTests {
    @Test("takes the money once and says so in the ledger", arguments: [PaymentMethod.token("tok_visa"), .card()])
    func captures(_ method: PaymentMethod) async throws {
        try await PaymentHarness.run { payment async throws in
            let charge = try await payment.charge("k1", method)
            #expect(charge.state == .captured)
            #expect(charge.reference.hasPrefix("PAY_"))
            #expect(charge.lastFour == (method.cardNumber == nil ? nil : "4242"))
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
            #expect(try await payment.heldByProvider("k1") == 5_000)
        }
    }

    @Test(
        "a refusal of the bank is passed on and repeated, and takes nothing",
        arguments: [
            ("tok_declined", "card_declined"), ("tok_insufficient", "insufficient_funds"),
        ])
    func declines(_ token: String, _ code: String) async throws {
        try await PaymentHarness.run { payment async throws in
            for _ in 0..<2 {
                #expect(await refusal { try await payment.charge("k1", .token(token)) } == .declined(code: code))
            }
            #expect(try await payment.find("k1").state == .declined)
            #expect(try await payment.ledger("k1") == [])
            #expect(payment.provider.chargeCalls == 1)
        }
    }

    @Test("twenty charges of one key at once are one charge")
    func duplicates() async throws {
        try await PaymentHarness.run { payment async throws in
            let charges = try await withThrowingTaskGroup(of: Charge.self) { group in
                for _ in 0..<20 { group.addTask { try await payment.charge("k1") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(charges.count == 20)
            #expect(Set(charges.map(\.paymentID)).count == 1)
            #expect(charges.allSatisfy { $0.state == .captured })
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
            #expect(try await payment.heldByProvider("k1") == 5_000)
        }
    }

    @Test("a key of another amount, buyer or booking is refused")
    func keyReused() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            #expect(await refusal { try await payment.charge("k1", .token("tok_visa"), 4_000) } == .chargeKeyReused)
            #expect(
                await refusal { try await payment.charge("k1", .token("tok_visa"), user: "user-2") }
                    == .chargeKeyReused)
            #expect(payment.provider.chargeCalls == 1)
        }
    }

    @Test("a payment method that cannot be is refused before anything is stored")
    func invalid() async throws {
        try await PaymentHarness.run { payment async throws in
            guard case .invalid(let errors) = await refusal({ try await payment.charge("k1", .token("tok_x")) }) else {
                Issue.record("the unknown token was accepted")
                return
            }
            #expect(errors.map(\.field) == ["payment.method"])
            #expect(await refusal { try await payment.find("k1") } == .noSuchCharge)
        }
    }

    @Test("a provider that never answers leaves the charge pending until it is voided")
    func timeout() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            #expect(try await payment.charge("k1", .token("tok_timeout")).state == .pending)
            payment.clock.advance(by: .seconds(3600))
            #expect(try await payment.find("k1").state == .pending)
            #expect(try await payment.void("k1").state == .voided)
            #expect(try await payment.find("k1").state == .voided)
            #expect(await refusal { try await payment.charge("k1") } == .voided)
        }
    }

    @Test("a late answer is found by asking, once its time has come")
    func late() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            #expect(try await payment.charge("k1", .token("tok_late")).state == .pending)
            #expect(try await payment.find("k1").state == .pending)
            payment.clock.advance(by: PaymentHarness.lateBy)
            #expect(try await payment.find("k1").state == .captured)
            #expect(try await payment.charge("k1", .token("tok_late")).state == .captured)
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
        }
    }

    @Test("a process that died before it told the provider is completed by a repeat")
    func diedBeforeCall() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charges.begin(payment.order("k1"), lastFour: nil, at: payment.clock.now())
            #expect(try await payment.find("k1").state == .pending)
            #expect(try await payment.charge("k1").state == .captured)
            #expect(try await payment.heldByProvider("k1") == 5_000)
        }
    }

    @Test("a process that died before it recorded the answer is completed by asking or by a repeat")
    func diedBeforeRecord() async throws {
        try await PaymentHarness.run { payment async throws in
            for key in ["asked", "repeated"] {
                let begun = try await payment.charges.begin(
                    payment.order(key), lastFour: nil, at: payment.clock.now())
                _ = try await payment.provider.authorize(
                    ProviderOrder(
                        key: key, amount: begun.amount, instrument: .token("tok_visa"), isCaptured: true),
                    until: .after(.seconds(1)))
            }
            #expect(try await payment.find("asked").state == .captured)
            #expect(try await payment.charge("repeated").state == .captured)
            for key in ["asked", "repeated"] {
                #expect(try await payment.ledger(key) == ["authorize", "capture"])
                #expect(try await payment.heldByProvider(key) == 5_000)
            }
        }
    }

    @Test("a lost answer leaves the charge pending, and the money is found again")
    func lostAnswer() async throws {
        try await PaymentHarness.run { payment async throws in
            payment.provider.losesAnswers(true)
            #expect(try await payment.charge("k1").state == .pending)
            #expect(try await payment.find("k1").state == .pending)
            payment.provider.losesAnswers(false)
            #expect(try await payment.find("k1").state == .captured)
            #expect(try await payment.heldByProvider("k1") == 5_000)
        }
    }
}
