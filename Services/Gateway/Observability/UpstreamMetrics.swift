import ServiceKit

/// What is counted of the requests that one side answers: a service, or the gateway itself.
///
/// All series are made at the start, so recording looks nothing up by name.
struct UpstreamMetrics: Sendable {
    /// From 100 µs to 30 s.
    private static let secondsBounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    let inFlight: MetricValue
    let retries: MetricValue
    /// By the first digit of the status, from 1.
    private let seconds: [Histogram]

    /// - Parameter name: of the service, or `gateway`
    init(_ name: String, _ registry: PrometheusRegistry) {
        inFlight = registry.gauge("gateway_requests_in_flight", [("upstream", name)])
        retries = registry.counter("gateway_upstream_retries_total", [("upstream", name)])
        seconds = (1...5).map { digit in
            registry.histogram(
                "gateway_request_seconds", [("upstream", name), ("status", "\(digit)xx")], bounds: Self.secondsBounds)
        }
    }

    /// A request got its response.
    func record(status: Int, seconds elapsed: Double) {
        let index = status / 100 - 1
        if seconds.indices.contains(index) { seconds[index].observe(elapsed) }
    }
}
