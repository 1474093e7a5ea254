import Contracts
import DatabaseKit
import HTTPKit
import TestSupport
import Testing

@testable import payment

@Suite("What payment stores", .onBothDatabases)
struct PaymentStoresTests {
    @Test("holds no card number, code or expiry anywhere")
    func noCardData() async throws {
        try await PaymentHarness.run(patience: .milliseconds(50)) { payment async throws in
            for (index, number) in SimulatorScenario.byCard.keys.sorted().enumerated() {
                let card = PaymentMethod.card(number, holder: "Grace Hopper", expiry: "11/2033", cvv: "7391")
                _ = await refusal { try await payment.charge("k\(index)", card) }
            }
            let stored = try await TestDatabase.text(of: payment.databaseURL)
            #expect(stored.contains("booking-k1"))
            for secret in SimulatorScenario.byCard.keys + ["Grace Hopper", "11/2033", "11/33", "7391"] {
                #expect(!stored.contains(secret), "\(secret)")
            }
        }
    }

    @Test("is a ledger that nobody can rewrite")
    func appendOnly() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            for statement in ["UPDATE ledger SET amount = 1", "DELETE FROM ledger"] {
                await #expect(throws: DatabaseError.self) {
                    try await payment.database.write { try $0.execute(statement) }
                }
            }
            await #expect(throws: DatabaseError.self) {
                try await payment.database.write { session in
                    try LedgerTable.append(
                        .capture, "k1", Money(minorUnits: 5_000, currency: .usd), reference: nil,
                        at: payment.clock.now(), session)
                }
            }
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
        }
    }

    @Test("settles a charge once, and no later word changes it")
    func compareAndSet() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            for outcome in [ProviderOutcome.declined(code: "late"), .voided, .captured(reference: "other")] {
                #expect(try await payment.charges.settle("k1", outcome, at: payment.clock.now()).state == .captured)
            }
            #expect(try await payment.ledger("k1") == ["authorize", "capture"])
        }
    }

    @Test("adds up in the reconciliation, page by page")
    func reconciliation() async throws {
        try await PaymentHarness.run { payment async throws in
            for key in ["a", "b", "c"] { _ = try await payment.charge(key) }
            _ = try await payment.refund("r1", of: "b", 1_200)
            _ = try await payment.void("d")
            let store = ReconciliationStore(database: payment.database)
            let first = try await store.read(after: "", limit: 3)
            let second = try await store.read(after: "c", limit: 3)
            #expect(first.map(\.chargeKey) == ["a", "b", "c"])
            #expect(first.map(\.capturedMinorUnits) == [5_000, 5_000, 5_000])
            #expect(first.map(\.refundedMinorUnits) == [0, 1_200, 0])
            #expect(first.map(\.captures) == [1, 1, 1])
            #expect(second.map(\.chargeKey) == ["d"])
            #expect(second.map(\.state) == [.voided])
            #expect(second.map(\.captures) == [0])
        }
    }

    @Test("is all there after the database was opened again")
    func reopened() async throws {
        try await PaymentHarness.run { payment async throws in
            _ = try await payment.charge("k1")
            await payment.database.close()
            let again = try await TestDatabase.open(payment.databaseURL)
            try await again.migrate(PaymentMigrations.all)
            let provider = SimulatorProvider(
                database: again, clock: payment.clock, lateBy: .zero, signature: WebhookSignature(secret: "s"))
            #expect(try await ChargeStore(database: again).find("k1")?.state == .captured)
            let status = try await provider.status(of: "k1", until: .after(.seconds(1)))
            guard case .captured = status?.outcome else {
                Issue.record("the processor forgot the charge")
                return
            }
            await again.close()
        }
    }
}
