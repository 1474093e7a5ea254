import Contracts
import DatabaseKit
import Hummingbird
import RedisKit
import ServiceKit
import ServiceLifecycle

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
        let streams = Streams(redis, database, configuration, environment)
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
        addSeatRoutes(to: api.group("events"), database, clock)
        AvailabilityStreamController(follow: streams.follow).addRoutes(to: router)
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
        SaleController(sales: SaleStore(database: database), clock: clock).addRoutes(to: router.internalRoutes())
        return ServiceParts(
            router: router, services: [redis] + streams.services + [sweep] + locking.services,
            readiness: [ReadinessCheck("redis") { try await redis.ping() }] + locking.readiness)
    }

    private static func addSeatRoutes(
        to group: RouterGroup<ServiceContext>, _ database: any Database, _ clock: any WallClock
    ) {
        let events = EventStore(database: database)
        SeatController(events: events, clock: clock).addRoutes(to: group)
        let readSeatMap = ReadSeatMap(store: SeatMapStore(database: database), clock: clock)
        SeatMapController(readSeatMap: readSeatMap).addRoutes(to: group)
        BlockedSeatsController(events: events, clock: clock).addRoutes(to: group)
        StockTrailController(events: events, trail: StockTrailStore(database: database)).addRoutes(to: group)
    }
}

/// What streams of availability stand on.
private struct Streams {
    let follow: FollowAvailability
    private let subscriber: RedisSubscriber
    private let announcements: StockAnnouncements

    init(
        _ redis: RedisClient, _ database: any Database, _ configuration: InventoryConfiguration,
        _ environment: ServiceEnvironment
    ) {
        subscriber = RedisSubscriber(
            configuration.redis, eventLoopGroup: environment.eventLoopGroup, logger: environment.logger)
        announcements = StockAnnouncements(
            redis: redis, subscriber: subscriber, process: SecureRandom.hexadecimal(bytes: 8),
            logger: environment.logger)
        announcements.follow(database)
        follow = FollowAvailability(
            store: AvailabilityStore(database: database), announcements: announcements, clock: environment.clock,
            streamsMax: configuration.streamsMax, timing: configuration.streamTiming, logger: environment.logger)
    }

    /// In the order in which they start.
    var services: [any Service] { [subscriber, announcements, follow] }
}
