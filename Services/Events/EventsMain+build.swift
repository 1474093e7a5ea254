import ChangeFeed
import Contracts
import DatabaseKit
import RedisKit
import ServiceKit

extension EventsMain: HoldfastService {
    static let name = ServiceName.events
    static let summary = "what is for sale: events, ticket types, prices, and the feed of their changes"

    static func configuration(_ settings: Settings) throws -> EventsConfiguration {
        try EventsConfiguration(settings)
    }

    static func build(
        _ configuration: EventsConfiguration, _ environment: ServiceEnvironment
    ) async throws -> ServiceParts {
        let database = try await environment.openDatabase(migrations: EventsMigrations.all)
        return build(
            configuration, environment, database: database,
            stock: HTTPInventoryClient(environment.caller(of: .inventory)))
    }

    /// The service on a database and an inventory that are there already.
    static func build(
        _ configuration: EventsConfiguration, _ environment: ServiceEnvironment, database: any Database,
        stock: any StockClient
    ) -> ServiceParts {
        let (clock, logger) = (environment.clock, environment.logger)
        let events = EventStore(database: database)
        let pushes = PushStore(database: database)
        let changes = ChangeStore(database: database)
        let pushRules = PushRules(store: pushes, stock: stock, clock: clock)
        let createEvent = CreateEvent(
            events: events, pushes: pushes, pushRules: pushRules, clock: clock, logger: logger,
            takeoverDelay: configuration.pushTakeover)
        let changeEvent = ChangeEvent(
            changes: changes, pushRules: pushRules, clock: clock, takeoverDelay: configuration.pushTakeover)
        let reader = StockReader(stock: stock, logger: logger)
        let readEvents = ReadEvents(store: events, reader: reader, clock: clock)
        let idempotency = IdempotentRequests(
            database: database, fingerprinter: environment.fingerprinter, clock: clock)

        let router = environment.makeRouter()
        EventController(createEvent: createEvent, readEvents: readEvents, idempotency: idempotency)
            .addRoutes(to: router)
        EventCommandController(
            access: EventAccess(events: events),
            moveEvent: MoveEvent(changeEvent: changeEvent, reader: reader, clock: clock),
            updateEvent: UpdateEvent(changeEvent: changeEvent, reader: reader, clock: clock),
            addTickets: AddTickets(changeEvent: changeEvent), deleteEvent: DeleteEvent(changeEvent: changeEvent),
            idempotency: idempotency
        ).addRoutes(to: router)
        ConcertController(readEvents: readEvents).addRoutes(to: router)
        InternalEventController(readEvents: readEvents).addRoutes(to: router)

        let background = PushPendingRules(
            store: pushes, pushRules: pushRules, clock: clock, logger: logger,
            timing: .init(interval: configuration.pushInterval))
        let sweeper = IdempotencySweeper(database: database, clock: clock, logger: logger)
        let ends = RecordEnds(
            changes: changes, clock: clock, interval: configuration.endedSweep, logger: logger)
        let redis = relayClient(configuration, environment)
        let relay = RelayChanges(
            store: RelayStore(database: database), stream: ChangeStream(), redis: redis,
            interval: configuration.relayInterval, logger: logger)
        return ServiceParts(router: router, services: [redis, background, ends, relay, sweeper])
    }

    /// One connection is enough for a stream; nothing but the relay needs Redis, so the service is ready without it.
    private static func relayClient(
        _ configuration: EventsConfiguration, _ environment: ServiceEnvironment
    ) -> RedisClient {
        var redis = configuration.redis
        redis.connections = 1
        return RedisClient(redis, eventLoopGroup: environment.eventLoopGroup, logger: environment.logger)
    }
}
