import Contracts
import HTTPKit
import TestSupport
import Testing

@testable import payment

@Suite("Refunding a charge", .onBothDatabases)
struct RefundChargeTests {
    @Test("gives everything back once, however often it is asked")
    func whole() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            for _ in 0..<3 {
                let charge = try await payment.refund("r1", of: "k1")
                #expect(charge.refundedMinorUnits == 5_000)
                #expect(charge.status == "Refunded")
            }
            #expect(try await payment.ledger("k1") == ["authorize", "capture", "refund"])
            #expect(try await payment.heldByProvider("k1") == 0)
            #expect(await refusal { try await payment.refund("r2", of: "k1") } == .nothingLeft)
        }
    }

    @Test("in parts adds up, and never to more than was taken")
    func parts() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            #expect(try await payment.refund("r1", of: "k1", 2_000).status == "PartiallyRefunded")
            #expect(
                await refusal { try await payment.refund("r2", of: "k1", 3_001) }
                    == .exceedsCharge(leftMinorUnits: 3_000))
            #expect(await refusal { try await payment.refund("r1", of: "k1", 1_999) } == .refundKeyReused)
            #expect(try await payment.refund("r2", of: "k1").refundedMinorUnits == 5_000)
            #expect(try await payment.heldByProvider("k1") == 0)
        }
    }

    @Test("twenty times at once by one key gives it back once")
    func duplicates() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await payment.refund("r1", of: "k1", 3_000) } }
                try await group.waitForAll()
            }
            #expect(try await payment.find("k1").refundedMinorUnits == 3_000)
            #expect(try await payment.heldByProvider("k1") == 2_000)
        }
    }

    @Test("by many keys at once never exceeds the charge")
    func competing() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            let given = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask { await refusal { try await payment.refund("r\(number)", of: "k1", 900) } == nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(given == 5)
            #expect(try await payment.find("k1").refundedMinorUnits == 4_500)
            #expect(try await payment.heldByProvider("k1") == 500)
        }
    }

    @Test("that the provider refuses is tried anew by the same call")
    func failsFirst() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1", .token("tok_refund_fails"))
            #expect(await refusal { try await payment.refund("r1", of: "k1") } == .refundFailed(code: "refund_failed"))
            #expect(try await payment.find("k1").refundedMinorUnits == 0)
            #expect(try await payment.refund("r1", of: "k1").refundedMinorUnits == 5_000)
            #expect(try await payment.ledger("k1") == ["authorize", "capture", "refund"])
            #expect(try await payment.heldByProvider("k1") == 0)
        }
    }

    @Test("that failed gives its place up to another one")
    func failedFreesAmount() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1", .token("tok_refund_fails"))
            _ = await refusal { try await payment.refund("r1", of: "k1") }
            #expect(try await payment.refund("r2", of: "k1").refundedMinorUnits == 5_000)
            #expect(await refusal { try await payment.refund("r1", of: "k1") } == .nothingLeft)
        }
    }

    @Test("that failed is tried anew for as much of it as is left, when no amount is insisted on")
    func failedShrinks() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1", .token("tok_refund_fails"))
            _ = await refusal { try await payment.refund("r1", of: "k1", 4_000) }
            _ = try await payment.refund("r2", of: "k1", 2_000)
            #expect(
                await refusal { try await payment.refund("r1", of: "k1", 4_000) }
                    == .exceedsCharge(leftMinorUnits: 3_000))
            #expect(try await payment.refund("r1", of: "k1").refundedMinorUnits == 5_000)
            #expect(try await payment.heldByProvider("k1") == 0)
            #expect(await refusal { try await payment.refund("r1", of: "k1", 4_000) } == .refundKeyReused)
        }
    }

    @Test("that failed never grows, whatever is left")
    func failedStays() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1", .token("tok_refund_fails"))
            _ = await refusal { try await payment.refund("r1", of: "k1", 1_000) }
            #expect(try await payment.refund("r1", of: "k1").refundedMinorUnits == 1_000)
            #expect(try await payment.heldByProvider("k1") == 4_000)
        }
    }

    @Test("of a process that died between the steps is completed by a repeat, once")
    func died() async throws {
        try await PaymentHarness.run { payment async throws in
            for (key, reachedProvider) in [("before", false), ("after", true)] {
                _ = try await payment.charge(key)
                let (refund, _) = try await payment.refunds.begin(
                    "r1", of: key, minorUnits: nil, at: payment.clock.now())
                if reachedProvider {
                    let order = ProviderRefund(
                        key: refund.providerKey, paymentKey: key, amount: Money(minorUnits: 5_000, currency: .usd))
                    _ = try await payment.provider.refund(order, until: .after(.seconds(1)))
                }
                #expect(try await payment.find(key).refundedMinorUnits == 0)
                #expect(try await payment.refund("r1", of: key).refundedMinorUnits == 5_000)
                #expect(try await payment.heldByProvider(key) == 0)
            }
        }
    }

    @Test("whose answer is lost is safe to ask again")
    func lostAnswer() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            payment.provider.losesAnswers(true)
            #expect(await refusal { try await payment.refund("r1", of: "k1") } == .providerSilent)
            payment.provider.losesAnswers(false)
            #expect(try await payment.refund("r1", of: "k1").refundedMinorUnits == 5_000)
            #expect(try await payment.heldByProvider("k1") == 0)
        }
    }

    @Test("that took no money is refused, with the reason")
    func notCaptured() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            #expect(await refusal { try await payment.refund("r1", of: "absent") } == .noSuchCharge)
            _ = try await payment.charge("pending", .token("tok_timeout"))
            #expect(await refusal { try await payment.refund("r1", of: "pending") } == .chargePending)
            _ = await refusal { try await payment.charge("declined", .token("tok_declined")) }
            #expect(await refusal { try await payment.refund("r1", of: "declined") } == .notCaptured)
            _ = try await payment.void("voided")
            #expect(await refusal { try await payment.refund("r1", of: "voided") } == .notCaptured)
        }
    }
}
