import LockKit
import RedisKit
import ServiceKit
import ServiceLifecycle

/// The seat locks of this process with all that belongs to them, put together from the configuration.
struct SeatLocking: Sendable {
    let locks: any SeatLocks
    /// What the locks of all replicas did.
    let exchange: ContentionExchange
    /// What runs as long as the process.
    let services: [any Service]
    let readiness: [ReadinessCheck]

    /// - Parameter redis: has the figures of all replicas, and the locks as well unless they are configured elsewhere
    init(
        _ redis: RedisClient, _ events: EventStore, _ configuration: InventoryConfiguration,
        _ environment: ServiceEnvironment
    ) {
        var monitoring = ContentionMonitor.Configuration()
        monitoring.lease = configuration.lockLease
        monitoring.group = Seat.section(ofResource:)
        let monitor = ContentionMonitor(configuration: monitoring)
        exchange = ContentionExchange(monitor: monitor, redis: redis, logger: environment.logger)
        let metrics = LockMetrics(monitor: monitor, registry: environment.metrics)
        let elsewhere =
            configuration.lockRedis?.makeClients(
                eventLoopGroup: environment.eventLoopGroup, logger: environment.logger) ?? []
        #if DEBUG
            guard configuration.usesSeatLocks else {
                locks = NoSeatLocks()
                services = [exchange, metrics]
                readiness = []
                return
            }
        #endif
        var limits = LockService.Configuration(lease: configuration.lockLease)
        limits.resourcesMax = ReservationOrder.quantityMax
        let service = LockService(
            majorityOf: elsewhere.isEmpty ? [redis] : elsewhere, epochs: StoredFenceEpochs(events: events),
            monitor: monitor, configuration: limits, logger: environment.logger)
        locks = RedisSeatLocks(locks: service, events: events)
        services = elsewhere + [service, exchange, metrics]
        // A majority is enough to sell seats, so no single master keeps the service from being ready.
        readiness = elsewhere.count == 1 ? [ReadinessCheck("locks") { try await elsewhere[0].ping() }] : []
    }
}
