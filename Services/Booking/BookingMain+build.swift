import Contracts
import DatabaseKit
import Hummingbird
import ServiceKit

extension BookingMain: HoldfastService {
    static let name = ServiceName.booking
    static let summary = "Purchases, from a hold to paid tickets."

    static func configuration(_ settings: Settings) throws -> BookingConfiguration {
        try BookingConfiguration(settings)
    }

    static func build(
        _ configuration: BookingConfiguration, _ environment: ServiceEnvironment
    ) async throws -> ServiceParts {
        let database = try await environment.openDatabase(migrations: BookingMigrations.all)
        return parts(
            configuration, environment, database,
            reservations: HTTPInventoryClient(environment.caller(of: .inventory)),
            charges: HTTPPaymentClient(environment.caller(of: .payment)))
    }

    /// Puts the service together around a database and the services it calls, which tests replace.
    static func parts(
        _ configuration: BookingConfiguration, _ environment: ServiceEnvironment, _ database: any Database,
        reservations: any ReservationClient, charges: any ChargeClient
    ) -> ServiceParts {
        let clock = environment.clock
        let timing = configuration.timing
        let logger = environment.logger
        let process = SecureRandom.hexadecimal(bytes: 8)
        let sagas = SagaStore(database: database, clock: clock)
        let effects = SagaEffects(
            reservations: reservations, charges: charges, clock: clock, timing: timing, logger: logger)
        let runner = SagaRunner(
            effects: effects, store: sagas, clock: clock, timing: timing, logger: logger, reach: SagaPoint.faults)
        let confirm = ConfirmBooking(
            store: sagas, reservations: reservations, runner: runner, clock: clock, timing: timing, process: process)
        let recover = RecoverBookings(
            store: sagas, runner: runner, clock: clock, timing: timing, process: process,
            batchMax: configuration.recoveryBatchMax, concurrencyMax: configuration.recoveryConcurrencyMax,
            logger: logger)

        let bookings = BookingStore(database: database)
        let router = environment.makeRouter()
        let api = router.group("api")
        ConfirmController(confirm: confirm, fingerprinter: environment.fingerprinter)
            .addRoutes(to: api.group("bookings"))
        ReconciliationController(store: bookings).addRoutes(to: api.group("bookings"))
        BookingController(store: bookings).addRoutes(to: api.group("bookings"))
        TicketController(store: bookings).addRoutes(to: api.group("tickets"))
        let recovery = RecoveryService(
            recover: recover, store: sagas, interval: configuration.recoveryInterval, logger: logger)
        return ServiceParts(router: router, services: [recovery])
    }
}
