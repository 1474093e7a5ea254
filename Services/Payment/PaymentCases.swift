import Contracts
import DatabaseKit
import Logging
import ServiceKit

/// The use cases of payment, put together around one provider.
struct PaymentCases: Sendable {
    let database: any Database
    private let configuration: PaymentConfiguration
    private let provider: any PaymentProvider
    private let clock: any WallClock
    private let metrics: PrometheusRegistry
    private let logger: Logger
    /// Names this process in leases.
    private let process = SecureRandom.hexadecimal(bytes: 8)

    private var patience: ProviderPatience { configuration.patience }
    private var charges: ChargeStore { ChargeStore(database: database) }
    private var payments: AuthorizationStore { AuthorizationStore(database: database) }
    private var refunds: RefundStore { RefundStore(database: database) }
    private var comparison: ComparisonStore { ComparisonStore(database: database) }

    init(
        _ configuration: PaymentConfiguration, _ environment: ServiceEnvironment, _ database: any Database,
        _ provider: any PaymentProvider
    ) {
        self.init(
            configuration, database, provider, clock: environment.clock, metrics: environment.metrics,
            logger: environment.logger)
    }

    init(
        _ configuration: PaymentConfiguration, _ database: any Database, _ provider: any PaymentProvider,
        clock: any WallClock, metrics: PrometheusRegistry, logger: Logger
    ) {
        self.configuration = configuration
        self.database = database
        self.provider = provider
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    // MARK: - Charges of bookings

    private var captureClaim: CaptureClaim {
        CaptureClaim(charges: charges, provider: provider, clock: clock, patience: patience)
    }

    var chargeBuyer: ChargeBuyer {
        ChargeBuyer(
            charges: charges, provider: provider, clock: clock, captureClaim: captureClaim, patience: patience)
    }

    var findCharge: FindCharge {
        FindCharge(
            charges: charges, provider: provider, clock: clock, patience: patience, captureClaim: captureClaim)
    }

    var voidCharge: VoidCharge {
        VoidCharge(charges: charges, provider: provider, clock: clock, patience: patience)
    }

    var refundCharge: RefundCharge {
        RefundCharge(refunds: refunds, provider: provider, clock: clock, patience: patience)
    }

    // MARK: - Payments before a purchase

    var authorize: AuthorizePayment {
        AuthorizePayment(
            payments: payments, provider: provider, clock: clock, patience: patience,
            lifetime: configuration.authorizationLifetime)
    }

    var findPayment: FindPayment {
        FindPayment(charges: charges, payments: payments, provider: provider, clock: clock, patience: patience)
    }

    var release: ReleasePayment {
        ReleasePayment(payments: payments, report: report, provider: provider, clock: clock, patience: patience)
    }

    var releaseUnclaimed: ReleaseUnclaimed {
        ReleaseUnclaimed(payments: payments, release: release, clock: clock, logger: logger)
    }

    // MARK: - The provider's books

    var report: ReportDifference {
        ReportDifference(store: DifferenceStore(database: database), metrics: metrics, logger: logger)
    }

    var receiveWebhook: ReceiveWebhook {
        ReceiveWebhook(inbox: InboxStore(database: database), provider: provider, clock: clock, logger: logger)
    }

    var reconcile: Reconcile {
        Reconcile(
            charges: charges, refunds: refunds, payments: payments, comparison: comparison,
            inbox: InboxStore(database: database), findCharge: findCharge, findPayment: findPayment,
            refundCharge: refundCharge,
            compare: CompareCharge(
                comparison: comparison, refundCharge: refundCharge, provider: provider, report: report, clock: clock,
                patience: patience),
            report: report, clock: clock, logger: logger, delay: configuration.reconcileDelay)
    }

    /// Work that is looked for every `interval` by all replicas and done by one.
    func background(
        _ name: String, every interval: Duration, isDue: @escaping @Sendable () async throws -> Bool,
        _ work: @escaping @Sendable () async throws -> Void
    ) -> LeasedWork {
        LeasedWork(
            name: name, database: database, clock: clock, interval: interval, logger: logger, process: process,
            isDue: isDue, work: work)
    }
}
