import Contracts
import DatabaseKit
import Hummingbird
import RedisKit
import ServiceKit

extension InventoryMain: HoldfastService {
    static let name = ServiceName.inventory
    static let summary = "Seats, holds and the locks that guard them."

    static func configuration(_ settings: Settings) throws -> InventoryConfiguration {
        try InventoryConfiguration(settings)
    }

    static func build(
        _ configuration: InventoryConfiguration, _ environment: ServiceEnvironment
    ) async throws -> ServiceParts {
        let database = try await environment.openDatabase(migrations: InventoryMigrations.all)
        let redis = RedisClient(
            configuration.redis, eventLoopGroup: environment.eventLoopGroup, logger: environment.logger)
        let events = EventStore(database: database)
        let reservations = ReservationStore(database: database, timing: configuration.timing)
        let locking = SeatLocking(redis, events, configuration, environment)
        let locks = locking.locks
        let clock = environment.clock
        let limits = HoldLimits(timing: configuration.timing, placesPerUserMax: configuration.placesPerUserMax)
        let reserveSeats = ReserveSeats(reservations: reservations, locks: locks, clock: clock, limits: limits)
        let beginCheckout = BeginCheckout(reservations: reservations, clock: clock, limits: limits)
        let sweep = SweepExpiredHolds(
            reservations: reservations, clock: clock, interval: configuration.sweepInterval, logger: environment.logger,
            process: SecureRandom.hexadecimal(bytes: 8))

        let router = environment.makeRouter()
        let api = router.group("api/inventory")
        SeatController(events: events, clock: clock).addRoutes(to: api.group("events"))
        ReservationController(
            reserveSeats: reserveSeats, reservations: reservations, clock: clock,
            fingerprinter: environment.fingerprinter
        ).addRoutes(to: api.group("reservations"))
        HoldController(
            beginCheckout: beginCheckout, reservations: reservations, clock: clock,
            heartbeat: configuration.timing.heartbeat, fingerprinter: environment.fingerprinter
        ).addRoutes(to: router.group("api/holds"))
        TicketReservationController(
            reserveSeats: reserveSeats, reservations: reservations, clock: clock,
            fingerprinter: environment.fingerprinter
        ).addRoutes(to: router.group("api/tickets"))
        CartController(
            carts: CartStore(database: database, limits: limits), clock: clock,
            fingerprinter: environment.fingerprinter
        ).addRoutes(to: router.group("api/cart"))
        ReconciliationController(store: ReconciliationStore(database: database)).addRoutes(to: api)
        MonitoringController(exchange: locking.exchange, clock: clock).addRoutes(to: router.group("api/monitoring"))
        InternalController(
            putEventRules: PutEventRules(events: events, clock: clock),
            removeEvent: RemoveEvent(events: events, clock: clock), events: events, reservations: reservations,
            clock: clock
        ).addRoutes(to: router.internalRoutes())
        return ServiceParts(
            router: router, services: [redis, sweep] + locking.services,
            readiness: [ReadinessCheck("redis") { try await redis.ping() }] + locking.readiness)
    }
}
