import Contracts
import HTTPKit
import TestSupport
import Testing

@testable import payment

@Suite("Buying with a payment made before", .onBothDatabases)
struct ClaimPaymentTests {
    @Test("claims it and takes the money once, under the booking's key")
    func captures() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize(.card())
            for _ in 0..<3 {
                let charge = try await payment.charge("k1", .reference(made.reference))
                #expect(charge.state == .captured)
                #expect(charge.paymentID == made.paymentID && charge.reference == made.reference)
                #expect(charge.lastFour == "4242")
            }
            #expect(try await payment.ledger(made.providerKey) == ["authorize"])
            #expect(try await payment.ledger("k1") == ["capture"])
            #expect(try await payment.heldByProvider(made.providerKey) == 5_000)
            #expect(try await payment.find("k1").state == .captured)
            #expect(try await payment.refund("r1", of: "k1", 2_000).status == "PartiallyRefunded")
            #expect(try await payment.refund("r2", of: "k1").status == "Refunded")
            #expect(try await payment.heldByProvider(made.providerKey) == 0)
        }
    }

    @Test("needs a payment of this buyer, amount and currency that is agreed to")
    func invalid() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            let made = try await payment.authorize()
            let pending = try await payment.authorize(.token("tok_timeout"))
            let released = try await payment.release(try await payment.authorize())
            _ = await refusal { try await payment.authorize(.token("tok_declined"), intent: "declined") }
            let cases: [(String, Int64, String)] = [
                ("PAY_UNKNOWN000000000", 5_000, "user-1"), (made.reference, 4_999, "user-1"),
                (made.reference, 5_000, "user-2"), (pending.reference, 5_000, "user-1"),
                (released.reference, 5_000, "user-1"), ("", 5_000, "user-1"),
            ]
            for (reference, amount, user) in cases {
                let refused = await refusal {
                    try await payment.charge("k1", .reference(reference), amount, user: user)
                }
                #expect(refused == .referenceInvalid, "\(reference) \(amount) \(user)")
            }
            let euros = ChargeOrder(
                key: "k1", bookingID: "b", userID: "user-1",
                amount: Money(minorUnits: 5_000, currency: try #require(Currency(code: "EUR"))))
            #expect(
                await refusal {
                    try await payment.cases.chargeBuyer.execute(
                        euros, .reference(made.reference), until: .after(.seconds(1)))
                } == .referenceInvalid)
            // A refusal leaves nothing under the key.
            #expect(await refusal { try await payment.find("k1") } == .noSuchCharge)
            #expect(try await payment.charge("k1", .reference(made.reference)).state == .captured)
        }
    }

    @Test("is refused to the second of two bookings, however parallel they ask")
    func used() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize()
            let refusals = await withTaskGroup(of: PaymentRefusal?.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        await refusal { try await payment.charge("k\(number)", .reference(made.reference)) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(refusals.count { $0 == nil } == 1)
            #expect(refusals.count { $0 == .referenceUsed } == 19)
            #expect(try await payment.heldByProvider(made.providerKey) == 5_000)
        }
    }

    @Test("under a key that was voided or has another charge takes nothing")
    func otherKeys() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize()
            _ = try await payment.void("k1")
            #expect(await refusal { try await payment.charge("k1", .reference(made.reference)) } == .voided)
            _ = try await payment.charge("k2")
            #expect(await refusal { try await payment.charge("k2", .reference(made.reference)) } == .chargeKeyReused)
            #expect(try await payment.payments.find(made.paymentID)?.state == .authorized)
            #expect(try await payment.heldByProvider(made.providerKey) == 0)
        }
    }

    @Test(
        "whose provider is silent is pending, and finished by whoever asks",
        arguments: [
            ScriptedProvider.Loss.question, .answer,
        ])
    func silent(_ loss: ScriptedProvider.Loss) async throws {
        try await PaymentHarness.run { payment async throws in
            for key in ["asked", "repeated", "reconciled"] {
                let made = try await payment.authorize()
                payment.provider.loses(loss)
                #expect(try await payment.charge(key, .reference(made.reference)).state == .pending)
                #expect(try await payment.find(key).state == .pending)
                payment.provider.loses(nil)
                switch key {
                case "asked": #expect(try await payment.find(key).state == .captured)
                case "repeated":
                    #expect(try await payment.charge(key, .reference(made.reference)).state == .captured)
                default:
                    try await payment.reconcile()
                    #expect(try await payment.differences() == [.claimUnfinished])
                }
                #expect(try await payment.ledger(key) == ["capture"])
                #expect(try await payment.heldByProvider(made.providerKey) == 5_000)
            }
        }
    }

    @Test("can be given up while it is pending, and then costs nothing")
    func voided() async throws {
        try await PaymentHarness.run { payment async throws in
            let made = try await payment.authorize()
            payment.provider.loses(.question)
            _ = try await payment.charge("k1", .reference(made.reference))
            payment.provider.loses(nil)
            #expect(try await payment.void("k1").state == .voided)
            #expect(await refusal { try await payment.charge("k1", .reference(made.reference)) } == .voided)
            #expect(await refusal { try await payment.charge("k2", .reference(made.reference)) } == .referenceUsed)
            #expect(try await payment.ledger("k1") == ["void"])
            #expect(try await payment.heldByProvider(made.providerKey) == 0)
        }
    }

    @Test("races with its return: either the booking has it or the buyer has it back")
    func race() async throws {
        try await PaymentHarness.run { payment async throws in
            for number in 0..<40 {
                let made = try await payment.authorize()
                async let bought = refusal { try await payment.charge("k\(number)", .reference(made.reference)) }
                async let returned = refusal { try await payment.release(made) }
                let (charge, release) = (await bought, await returned)
                #expect((charge == nil) != (release == nil))
                let held = try await payment.heldByProvider(made.providerKey)
                #expect(held == (charge == nil ? 5_000 : 0))
            }
        }
    }
}
