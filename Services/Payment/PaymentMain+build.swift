import Contracts
import DatabaseKit
import Hummingbird
import Logging
import ServiceKit
import ServiceLifecycle

extension PaymentMain: HoldfastService {
    static let name = ServiceName.payment
    static let summary = "Charges, refunds and the ledger they are proved by."

    static func configuration(_ settings: Settings) throws -> PaymentConfiguration {
        try PaymentConfiguration(settings)
    }

    static func build(
        _ configuration: PaymentConfiguration, _ environment: ServiceEnvironment
    ) async throws -> ServiceParts {
        let database = try await environment.openDatabase(migrations: PaymentMigrations.all)
        guard let stripe = configuration.stripe else {
            let simulator = SimulatorProvider(
                database: database, clock: environment.clock, lateBy: configuration.simulatorLateBy,
                signature: WebhookSignature(secret: configuration.simulatorWebhookSecret))
            let cases = PaymentCases(configuration, environment, database, simulator)
            var parts = parts(cases, configuration, environment)
            let messenger = DeliverAnnouncements(
                simulator: simulator, receive: cases.receiveWebhook, clock: environment.clock)
            parts.services.append(
                cases.background(
                    "simulated messages", every: configuration.releaseInterval, isDue: messenger.isDue,
                    messenger.execute))
            return parts
        }
        let client = StripeClient(
            baseURL: stripe.baseURL, secretKey: stripe.secretKey, eventLoopGroup: environment.eventLoopGroup,
            logger: environment.logger)
        if stripe.baseURL.hasPrefix("http://") {
            environment.logger.warning("the payment provider is reached without TLS: for tests only")
        }
        let provider = StripeProvider(
            client, memory: StripeMemory(database: database),
            signature: WebhookSignature(secret: stripe.webhookSecret))
        var parts = parts(
            PaymentCases(configuration, environment, database, provider), configuration, environment)
        parts.onShutdown.append { await client.shutdown() }
        return parts
    }

    private static func parts(
        _ cases: PaymentCases, _ configuration: PaymentConfiguration, _ environment: ServiceEnvironment
    ) -> ServiceParts {
        let database = cases.database
        let router = environment.makeRouter()
        let api = router.group("api/payments")
        PaymentController(
            authorize: cases.authorize, findPayment: cases.findPayment, release: cases.release,
            idempotency: IdempotentRequests(
                database: database, fingerprinter: environment.fingerprinter, clock: environment.clock,
                // What a repeat takes up after that is found by the key, so nobody need wait for longer.
                lease: environment.common.requestTimeout)
        ).addRoutes(to: api)
        ReconciliationController(
            reconciliation: ReconciliationStore(database: database), differences: DifferenceStore(database: database)
        ).addRoutes(to: api)
        WebhookController(receive: cases.receiveWebhook).addRoutes(to: api)
        InternalChargeController(
            chargeBuyer: cases.chargeBuyer, findCharge: cases.findCharge, voidCharge: cases.voidCharge,
            refundCharge: cases.refundCharge
        ).addRoutes(to: router.internalRoutes())
        let releaseUnclaimed = cases.releaseUnclaimed
        let reconcile = cases.reconcile
        let services: [any Service] = [
            cases.background(
                "release of unclaimed payments", every: configuration.releaseInterval,
                isDue: releaseUnclaimed.isDue, { _ = try await releaseUnclaimed.execute() }),
            cases.background(
                "reconciliation", every: configuration.reconcileInterval, isDue: reconcile.isDue, reconcile.execute),
            IdempotencySweeper(database: database, clock: environment.clock, logger: environment.logger),
        ]
        return ServiceParts(router: router, services: services)
    }
}
