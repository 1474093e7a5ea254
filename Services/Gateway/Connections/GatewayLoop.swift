import Contracts
import HTTPKit
import Logging
import NIOCore
import ServiceKit

/// The gateway's share of one event loop: its connections with clients and with services.
///
/// Everything in it belongs to that loop, so nothing is locked and nothing waits for another thread.
final class GatewayLoop {
    let eventLoop: any EventLoop
    let limits: GatewayLimits
    let headWriter: UpstreamHeadWriter
    let metrics: GatewayMetrics
    let health: ServiceHealth
    let documents: PublicDocuments
    let logger: Logger
    /// By the slot of the service.
    private let upstreams: [Upstream?]
    private var connections: [ObjectIdentifier: ClientConnection] = [:]
    private var drained: EventLoopPromise<Void>?
    private(set) var isDraining = false
    private var throttle = LogThrottle()

    /// - Parameter share: among how many event loops the limits are divided
    init(
        eventLoop: any EventLoop, share: Int, limits: GatewayLimits, directories: [ServiceName: ReplicaDirectory],
        health: ServiceHealth, documents: PublicDocuments, metrics: GatewayMetrics, logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.metrics = metrics
        self.health = health
        self.documents = documents
        self.logger = logger
        headWriter = UpstreamHeadWriter(announcedTimeout: limits.announcedTimeout)
        upstreams = ServiceName.allCases.map { service in
            directories[service].map { directory in
                Upstream(
                    service, at: directory, on: eventLoop, limits: limits, share: share,
                    metrics: metrics.services[service.slot])
            }
        }
    }

    /// The service as seen from here; nil when none of that name is known.
    func upstream(_ service: ServiceName) -> Upstream? {
        upstreams[service.slot]
    }

    func opened(_ connection: ClientConnection) {
        connections[ObjectIdentifier(connection)] = connection
        metrics.connections.increment()
        if isDraining { connection.drain() }
    }

    func closed(_ connection: ClientConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        metrics.connections.add(-1)
        if connections.isEmpty { drained?.succeed() }
    }

    /// Notes that a request could not be served, at most once a second.
    func logRefusal(_ refusal: Refusal, path: String) {
        guard let suppressed = throttle.admit(.now()) else { return }
        logger.warning(
            "a request could not be served",
            metadata: ["code": "\(refusal.code)", "path": "\(path)", "suppressed": "\(suppressed)"])
    }

    /// Lets requests under way finish and ends connections without one; succeeds when all are closed.
    func drain() -> EventLoopFuture<Void> {
        isDraining = true
        let promise = eventLoop.makePromise(of: Void.self)
        drained = promise
        for connection in Array(connections.values) { connection.drain() }
        if connections.isEmpty { promise.succeed() }
        return promise.futureResult
    }

    /// Ends everything now.
    func closeAll() {
        for connection in Array(connections.values) { connection.close() }
        for upstream in upstreams { upstream?.shutdown() }
    }
}
