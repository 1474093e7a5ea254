import Contracts
import ServiceKit

/// What the gateway counts: requests by service and kind of status, what is under way, connections.
struct GatewayMetrics: Sendable {
    /// By the slot of the service.
    let services: [UpstreamMetrics]
    /// What the gateway answers itself.
    let gateway: UpstreamMetrics
    /// Clients' connections that are open.
    let connections: MetricValue
    /// Those that were turned away because there were too many.
    let refusedConnections: MetricValue

    init(_ registry: PrometheusRegistry) {
        services = ServiceName.allCases.map { UpstreamMetrics($0.rawValue, registry) }
        gateway = services[ServiceName.gateway.slot]
        connections = registry.gauge("gateway_connections")
        refusedConnections = registry.counter("gateway_connections_refused_total")
    }
}
