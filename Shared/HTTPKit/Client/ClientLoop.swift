import NIOCore

/// The client's share of one event loop: its connections to each service and endpoint.
final class ClientLoop {
    /// Endpoints of which something is in use; more than this many are a mistake.
    private static let endpointsMax = 1_024

    private let eventLoop: any EventLoop
    private let limits: EndpointPool.Limits
    private var services: [ObjectIdentifier: ReplicaSet] = [:]
    private var endpoints: [Endpoint: ReplicaSet] = [:]
    private var isShutDown = false

    init(eventLoop: any EventLoop, limits: EndpointPool.Limits) {
        self.eventLoop = eventLoop
        self.limits = limits
    }

    /// The replicas behind `destination`.
    func replicas(of destination: HTTPClient.Destination) throws(HTTPClientError) -> ReplicaSet {
        switch destination {
        case .service(let directory):
            if let replicas = services[ObjectIdentifier(directory)] { return replicas }
            try checkRoom()
            // It keeps its directory, so that no other one can get the same identity.
            let replicas = ReplicaSet(directory, on: eventLoop, lanes: [limits])
            services[ObjectIdentifier(directory)] = replicas
            return replicas
        case .endpoint(let endpoint):
            if let replicas = endpoints[endpoint] { return replicas }
            try checkRoom()
            let replicas = ReplicaSet(endpoint, on: eventLoop, lanes: [limits])
            endpoints[endpoint] = replicas
            return replicas
        }
    }

    func shutdown() {
        isShutDown = true
        for replicas in services.values { replicas.shutdown() }
        for replicas in endpoints.values { replicas.shutdown() }
    }

    private func checkRoom() throws(HTTPClientError) {
        guard !isShutDown else { throw HTTPClientError(.connectFailed, "the client is shut down") }
        guard services.count + endpoints.count >= Self.endpointsMax else { return }
        // Addresses come and go where replicas do.
        endpoints = endpoints.filter { !$0.value.isUnused }
        guard services.count + endpoints.count < Self.endpointsMax else {
            throw HTTPClientError(.overloaded, "too many endpoints")
        }
    }
}
