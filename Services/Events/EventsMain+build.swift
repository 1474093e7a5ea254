import Contracts
import DatabaseKit
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
        let pushRules = PushRules(store: pushes, stock: stock)
        let createEvent = CreateEvent(
            events: events, pushes: pushes, pushRules: pushRules, clock: clock, logger: logger,
            takeoverDelay: configuration.pushTakeover)
        let reader = StockReader(stock: stock, logger: logger)
        let readEvents = ReadEvents(store: events, reader: reader, clock: clock)
        let publishEvent = PublishEvent(
            events: events, pushes: pushes, pushRules: pushRules, reader: reader, clock: clock,
            takeoverDelay: configuration.pushTakeover)
        let idempotency = IdempotentRequests(
            database: database, fingerprinter: environment.fingerprinter, clock: clock)

        let router = environment.makeRouter()
        EventController(
            createEvent: createEvent, readEvents: readEvents, publishEvent: publishEvent, idempotency: idempotency
        ).addRoutes(to: router)
        InternalEventController(readEvents: readEvents).addRoutes(to: router)

        let background = PushPendingRules(
            store: pushes, pushRules: pushRules, clock: clock, logger: logger,
            timing: .init(interval: configuration.pushInterval))
        let sweeper = IdempotencySweeper(database: database, clock: clock, logger: logger)
        return ServiceParts(router: router, services: [background, sweeper])
    }
}
