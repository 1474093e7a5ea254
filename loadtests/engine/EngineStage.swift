import Contracts
import DatabaseKit
import LockKit
import Logging
import NIOCore
import NIOPosix
import RedisKit
import ServiceKit
import TestSupport

@testable import inventory

/// Inventory without its routes: the use case of a reservation on a database and a Redis of its own.
struct EngineStage: Sendable {
    let database: any Database
    /// Runs tasks on the network thread, as a service's requests are.
    let executor: EventLoopExecutor
    private let events: EventStore
    private let reserveSeats: ReserveSeats
    private let statements: EngineStatements
    private let clock = SystemClock()

    /// Runs `body` on a stage of its own, which is gone afterwards, the database included.
    static func with(_ database: any Database, _ body: (EngineStage) async throws -> Void) async throws {
        var logger = Logger(label: "engine")
        logger.logLevel = .warning
        let redis = try await PrivateRedis.start(.init(arguments: ["--appendonly", "yes"]))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let client = RedisClient(try RedisConfiguration(url: redis.url), eventLoopGroup: group, logger: logger)
        let result: Result<Void, any Error>
        do {
            try await database.migrate(InventoryMigrations.all)
            result = .success(try await body(EngineStage(database, client, group, logger)))
        } catch {
            result = .failure(error)
        }
        await client.close()
        await database.close()
        try await group.shutdownGracefully()
        redis.stop()
        try result.get()
    }

    private init(_ database: any Database, _ redis: RedisClient, _ group: any EventLoopGroup, _ logger: Logger) {
        self.database = database
        executor = EventLoopExecutor(group.next())
        events = EventStore(database: database)
        let timing = HoldTiming()
        let limits = HoldLimits(timing: timing, placesPerUserMax: EngineHall.rows * EngineHall.seatsPerRow)
        var monitoring = ContentionMonitor.Configuration()
        monitoring.group = Seat.section(ofResource:)
        let locks = LockService(
            redis: redis, epochs: StoredFenceEpochs(events: events),
            monitor: ContentionMonitor(configuration: monitoring), logger: logger)
        reserveSeats = ReserveSeats(
            reservations: ReservationStore(database: database, timing: timing),
            locks: RedisSeatLocks(locks: locks, events: events), clock: clock, limits: limits)
        statements = EngineStatements(database: database, limits: limits)
    }

    /// Makes halls whose seats last for `duration` at any speed.
    func openHall(for duration: Duration) async throws -> EngineHall {
        let count = Int((duration / .seconds(1) * Self.ordersPerSecondMax / Double(EngineHall.orders)).rounded(.up))
        var events: [EngineHall.Event] = []
        for _ in 0..<count {
            let event = EngineHall.Event(id: UUIDv7.make(at: clock.now()), typeID: UUIDv7.make(at: clock.now()))
            _ = try await PutEventRules(events: self.events, clock: clock).execute(rules(of: event))
            events.append(event)
        }
        return EngineHall(events)
    }

    private static let ordersPerSecondMax = 30_000.0

    private func rules(of event: EngineHall.Event) -> EventRules {
        let section = EventRules.Section(
            name: EngineHall.section, rows: EngineHall.rows, seatsPerRow: EngineHall.seatsPerRow, firstOrdinal: 0)
        return EventRules(
            eventId: event.id, ownerId: "owner", version: 1, status: .active, isActive: true,
            eventDate: clock.now() + .seconds(90 * 86_400), endDate: nil, maxPerOrder: 10, reserveOn: .checkout,
            ticketTypes: [
                EventRules.TicketType(
                    ticketTypeId: event.typeID, name: "Seat", priceMinorUnits: 4950,
                    currency: "USD", seating: .reserved, capacity: section.seats, sections: [section],
                    saleStartsAt: nil, saleEndsAt: nil, isActive: true)
            ])
    }

    /// What a request for seats comes down to, locks included.
    func reserve(_ order: EngineHall.Order) async throws {
        _ = try await reserveSeats.execute(
            ReservationOrder(
                eventID: order.event.id, userID: order.userID, selection: .seats(order.numbers), customer: nil,
                notes: nil), waitAtMost: nil, idempotency: nil
        ) { try StoredReply(status: 201, json: $0.document(at: $0.reservedAt)) }
    }

    /// The same rows by the same statements, without asking what they say.
    func reserveBySQLAlone(_ order: EngineHall.Order) async throws {
        try await statements.reserve(order, at: clock.now())
    }

    /// How many seats are reserved, and by how many reservations.
    func rowsWritten() async throws -> (seats: Int64, reservations: Int64) {
        try await database.read { session in
            let seats = try session.first("SELECT COUNT(*) FROM seats WHERE status = 'Reserved'")?.int64(0)
            let reservations = try session.first("SELECT COUNT(*) FROM reservations WHERE quantity = 2")?.int64(0)
            return (seats ?? 0, reservations ?? 0)
        }
    }
}
