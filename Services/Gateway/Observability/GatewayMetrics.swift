import Contracts
import ServiceKit

/// What the gateway counts: requests by service and kind of status, what is under way, connections, refusals.
///
/// All series are made at the start, so recording looks nothing up by name.
struct GatewayMetrics: Sendable {
    /// From 100 µs to 30 s.
    private static let secondsBounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    private struct PerUpstream {
        /// By the first digit of the status, from 1.
        let seconds: [Histogram]
        let inFlight: MetricValue
    }

    private let upstreams: [ServiceName: PerUpstream]
    private let local: [Histogram]
    private let connections: MetricValue
    private let refusedConnections: MetricValue
    private let retries: MetricValue

    init(_ registry: PrometheusRegistry) {
        func histograms(_ upstream: String) -> [Histogram] {
            (1...5).map { digit in
                registry.histogram(
                    "gateway_request_seconds", [("upstream", upstream), ("status", "\(digit)xx")],
                    bounds: Self.secondsBounds)
            }
        }
        var upstreams: [ServiceName: PerUpstream] = [:]
        for service in ServiceName.allCases where service != .gateway {
            upstreams[service] = PerUpstream(
                seconds: histograms(service.rawValue),
                inFlight: registry.gauge("gateway_requests_in_flight", [("upstream", service.rawValue)]))
        }
        self.upstreams = upstreams
        local = histograms("gateway")
        connections = registry.gauge("gateway_connections")
        refusedConnections = registry.counter("gateway_connections_refused_total")
        retries = registry.counter("gateway_upstream_retries_total")
    }

    /// A request got its response; `service` is nil when the gateway answered itself.
    func recordRequest(_ service: ServiceName?, status: Int, seconds: Double) {
        let series = service.flatMap { upstreams[$0]?.seconds } ?? local
        let index = status / 100 - 1
        if series.indices.contains(index) { series[index].observe(seconds) }
    }

    /// A request is on its way to a service (1), or not any more (-1).
    func addInFlight(_ service: ServiceName, _ change: Double) {
        upstreams[service]?.inFlight.add(change)
    }

    func addConnection(_ change: Double) {
        connections.add(change)
    }

    func recordRefusedConnection() {
        refusedConnections.increment()
    }

    func recordRetry() {
        retries.increment()
    }
}
