import Contracts
import DatabaseKit
import Hummingbird
import ServiceKit

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
        let charges = ChargeStore(database: database)
        let clock = environment.clock
        let patience = configuration.patience
        let provider: any PaymentProvider =
            switch configuration.provider {
            case .simulator:
                SimulatorProvider(database: database, clock: clock, lateBy: configuration.simulatorLateBy)
            }

        let router = environment.makeRouter()
        PaymentController(charges: charges, reconciliation: ReconciliationStore(database: database))
            .addRoutes(to: router.group("api/payments"))
        InternalChargeController(
            chargeBuyer: ChargeBuyer(charges: charges, provider: provider, clock: clock, patience: patience),
            findCharge: FindCharge(charges: charges, provider: provider, clock: clock, patience: patience),
            voidCharge: VoidCharge(charges: charges, provider: provider, clock: clock, patience: patience),
            refundCharge: RefundCharge(
                refunds: RefundStore(database: database), provider: provider, clock: clock, patience: patience)
        ).addRoutes(to: router.internalRoutes())
        return ServiceParts(router: router)
    }
}
