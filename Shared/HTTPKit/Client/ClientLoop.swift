import NIOCore

/// The client's share of one event loop: a pool for each endpoint.
final class ClientLoop {
    /// Endpoints come from configuration; more than this many are a mistake.
    private static let endpointsMax = 1_024

    private let eventLoop: any EventLoop
    private let limits: EndpointPool.Limits
    private var pools: [Endpoint: EndpointPool] = [:]
    private var isShutDown = false

    init(eventLoop: any EventLoop, limits: EndpointPool.Limits) {
        self.eventLoop = eventLoop
        self.limits = limits
    }

    /// The pool of `endpoint`.
    func pool(for endpoint: Endpoint) throws(HTTPClientError) -> EndpointPool {
        if let pool = pools[endpoint] { return pool }
        guard !isShutDown else { throw HTTPClientError(.connectFailed, "the client is shut down") }
        guard pools.count < Self.endpointsMax else { throw HTTPClientError(.overloaded, "too many endpoints") }
        let pool = EndpointPool(endpoint: endpoint, eventLoop: eventLoop, limits: limits)
        pools[endpoint] = pool
        return pool
    }

    func shutdown() {
        isShutDown = true
        for pool in pools.values { pool.shutdown() }
    }
}
