import Contracts
import DatabaseKit
import HTTPKit
import Logging
import ServiceKit
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
    let cases: PaymentCases
    let metrics = PrometheusRegistry()
    let logger: Logger

    var charges: ChargeStore { ChargeStore(database: database) }
    var payments: AuthorizationStore { AuthorizationStore(database: database) }
    var refunds: RefundStore { RefundStore(database: database) }

    static let lateBy = Duration.seconds(30)
    static let webhookSecret = "whsec_of_the_tests"
    private static let deadline = Duration.seconds(10)

    private init(patience: Duration) async throws {
        directory = try TemporaryDirectory("payment")
        databaseURL = try await TestDatabase.makeURL(in: directory, name: "payment")
        database = try await TestDatabase.open(databaseURL, name: "payment")
        try await database.migrate(PaymentMigrations.all)
        provider = ScriptedProvider(
            SimulatorProvider(
                database: database, clock: clock, lateBy: Self.lateBy,
                signature: WebhookSignature(secret: Self.webhookSecret)))
        let settings = Settings(["PROVIDER_SECONDS": "\(Double(patience.wholeMilliseconds) / 1000)"])
        var logger = Logger(label: "payment")
        logger.logLevel = .critical
        self.logger = logger
        cases = PaymentCases(
            try PaymentConfiguration(settings), database, provider, clock: clock, metrics: metrics, logger: logger)
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
        try await cases.chargeBuyer.execute(order(key, minorUnits, user: user), method, until: .after(Self.deadline))
    }

    func find(_ key: String) async throws -> Charge {
        try await cases.findCharge.execute(key, until: .after(Self.deadline))
    }

    func void(_ key: String) async throws -> Charge {
        try await cases.voidCharge.execute(order(key), until: .after(Self.deadline))
    }

    func refund(_ refundKey: String, of key: String, _ minorUnits: Int64? = nil) async throws -> Charge {
        try await cases.refundCharge.execute(
            refundKey, of: key, minorUnits: minorUnits, until: .after(Self.deadline))
    }

    /// A payment that nothing was bought with yet.
    func authorize(
        _ method: PaymentMethod = .token("tok_visa"), _ minorUnits: Int64 = 5_000, user: String = "user-1",
        intent: String? = nil
    ) async throws -> Authorization {
        let order = AuthorizationOrder(
            userID: user, amount: Money(minorUnits: minorUnits, currency: .usd), intent: intent)
        let instrument = try cases.authorize.instrument(method, field: "method")
        return try await cases.authorize.execute(order, instrument, until: .after(Self.deadline))
    }

    /// Gives a payment back as an administrator does.
    func release(_ payment: Authorization, _ minorUnits: Int64? = nil) async throws -> Authorization {
        try await cases.release.execute(payment.paymentID, minorUnits: minorUnits, until: .after(Self.deadline))
    }

    /// The kinds of all that reconciliation has found so far, sorted by name.
    func differences() async throws -> [Difference.Kind] {
        try await DifferenceStore(database: database).read(after: "", limit: 100).map(\.kind)
            .sorted { $0.rawValue < $1.rawValue }
    }

    /// Reconciles once, as if everything had been left alone for long enough.
    func reconcile() async throws {
        clock.advance(by: .seconds(61))
        try await cases.reconcile.execute()
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
        let status = try await provider.simulator.status(of: key, until: .after(.seconds(1)))
        guard case .captured = status?.outcome else { return 0 }
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
