import Contracts
import DatabaseKit
import HTTPKit
import TestSupport

@testable import payment

/// The use cases of payment on a database of their own and a clock moved by hand.
final class PaymentHarness: Sendable {
    let clock = ManualClock()
    let directory: TemporaryDirectory
    /// Where the database is, for a test that opens it again.
    let databaseURL: String
    let database: any Database
    let provider: ScriptedProvider
    let charges: ChargeStore
    let refunds: RefundStore
    let patience: ProviderPatience

    static let lateBy = Duration.seconds(30)

    private init(patience: Duration) async throws {
        directory = try TemporaryDirectory("payment")
        databaseURL = try await TestDatabase.makeURL(in: directory, name: "payment")
        database = try await TestDatabase.open(databaseURL, name: "payment")
        try await database.migrate(PaymentMigrations.all)
        provider = ScriptedProvider(
            SimulatorProvider(database: database, clock: clock, lateBy: Self.lateBy))
        charges = ChargeStore(database: database)
        refunds = RefundStore(database: database)
        self.patience = ProviderPatience(callMax: patience)
    }

    /// Runs `body` with a new harness and closes its database.
    static func run(
        patience: Duration = .seconds(5), _ body: (PaymentHarness) async throws -> Void
    ) async throws {
        let harness = try await PaymentHarness(patience: patience)
        do {
            try await body(harness)
            await harness.database.close()
        } catch {
            await harness.database.close()
            throw error
        }
    }

    func order(_ key: String, _ minorUnits: Int64 = 5_000, user: String = "user-1") -> ChargeOrder {
        ChargeOrder(
            key: key, bookingID: "booking-\(key)", userID: user, amount: Money(minorUnits: minorUnits, currency: .usd))
    }

    func charge(
        _ key: String, _ method: PaymentMethod = .token("tok_visa"), _ minorUnits: Int64 = 5_000,
        user: String = "user-1"
    ) async throws -> Charge {
        try await ChargeBuyer(charges: charges, provider: provider, clock: clock, patience: patience)
            .execute(order(key, minorUnits, user: user), method, until: .after(.seconds(10)))
    }

    func find(_ key: String) async throws -> Charge {
        try await FindCharge(charges: charges, provider: provider, clock: clock, patience: patience)
            .execute(key, until: .after(.seconds(10)))
    }

    func void(_ key: String) async throws -> Charge {
        try await VoidCharge(charges: charges, provider: provider, clock: clock, patience: patience)
            .execute(order(key), until: .after(.seconds(10)))
    }

    func refund(_ refundKey: String, of key: String, _ minorUnits: Int64? = nil) async throws -> Charge {
        try await RefundCharge(refunds: refunds, provider: provider, clock: clock, patience: patience)
            .execute(refundKey, of: key, minorUnits: minorUnits, until: .after(.seconds(10)))
    }

    /// The kinds of the ledger's entries of a charge, in the order of their keys.
    func ledger(_ key: String) async throws -> [String] {
        try await database.read { session in
            try session.query("SELECT kind FROM ledger WHERE charge_key = $1 ORDER BY entry_key", key)
                .map { try $0.string(0) }
        }
    }

    /// How much the provider holds of a charge: taken and not given back.
    func heldByProvider(_ key: String) async throws -> Int64 {
        guard case .captured = try await provider.simulator.outcome(of: key, until: .after(.seconds(1))) else {
            return 0
        }
        return try await database.read { session in
            let taken = try session.query("SELECT amount FROM simulator_charges WHERE idempotency_key = $1", key)
            let given = try session.query(
                "SELECT amount FROM simulator_refunds WHERE charge_key = $1 AND failure_code IS NULL", key)
            return try taken.reduce(0) { $0 + (try $1.int64(0)) } - given.reduce(0) { $0 + (try $1.int64(0)) }
        }
    }
}

extension PaymentMethod {
    /// A card that passes all checks of form.
    static func card(
        _ number: String = "4242424242424242", holder: String = "Ada Lovelace", expiry: String = "12/2030",
        cvv: String = "987"
    ) -> PaymentMethod {
        PaymentMethod(cardNumber: number, cardHolderName: holder, expiryDate: expiry, cvv: cvv)
    }
}

/// The refusal that `body` ends with, or nil.
func refusal<Result>(_ body: () async throws -> Result) async -> PaymentRefusal? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? PaymentRefusal
    }
}
