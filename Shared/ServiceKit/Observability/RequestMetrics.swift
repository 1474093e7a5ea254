import HTTPTypes
import Synchronization

/// Counts and times requests by method, route and kind of status.
struct RequestMetrics: Sendable {
    /// The route of a request that none matches; Hummingbird's own name for it.
    static let unmatched = "NotFound"

    private struct Key: Hashable {
        let method: HTTPRequest.Method
        let route: String
        let status: Int
    }

    private final class Table: Sendable {
        let series = Mutex<[Key: Histogram]>([:])
    }

    private let registry: PrometheusRegistry
    private let table = Table()

    init(_ registry: PrometheusRegistry) {
        self.registry = registry
    }

    func record(_ method: HTTPRequest.Method, route: String, status: Int, _ duration: Duration) {
        let key = Key(method: method, route: route, status: status)
        let histogram = table.series.withLock { series in
            if let known = series[key] { return known }
            let made = registry.histogram(
                "http_request_seconds",
                [
                    ("method", Self.name(of: method)), ("route", route == Self.unmatched ? "unmatched" : route),
                    ("status", String(status)),
                ],
                bounds: Histogram.secondsBounds)
            series[key] = made
            return made
        }
        histogram.observe(Double(duration.wholeMicroseconds) / 1_000_000)
    }

    /// Methods that are not in use share one name, because clients choose them and series must stay few.
    private static func name(of method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .delete, .patch, .options: method.rawValue
        default: "OTHER"
        }
    }
}

extension Duration {
    /// The duration in microseconds, rounded down.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
