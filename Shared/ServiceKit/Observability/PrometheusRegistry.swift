import Synchronization

/// The metrics of a process, kept in memory and written in Prometheus' text format.
///
/// Also the backend of swift-metrics, so that modules which only know that report here too. The number of series is
/// bounded: beyond the bound new ones are counted in `metrics_series_dropped_total` and otherwise not kept.
package final class PrometheusRegistry: Sendable {
    enum Instrument: Sendable {
        case counter(MetricValue)
        case gauge(MetricValue)
        case histogram(Histogram)

        var kind: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    private struct Families {
        var byName: [String: [String: Instrument]] = [:]
        var seriesCount = 0
        var dropped = 0
    }

    private let seriesMax: Int
    private let families = Mutex(Families())

    package init(seriesMax: Int = 4000) {
        self.seriesMax = seriesMax
    }

    /// The counter of that name and those labels, made at the first call.
    package func counter(_ name: String, _ labels: [(String, String)] = []) -> MetricValue {
        let spare = MetricValue()
        if case .counter(let found) = instrument(name, labels, .counter(spare)) { return found }
        return spare
    }

    /// The gauge of that name and those labels, made at the first call.
    package func gauge(_ name: String, _ labels: [(String, String)] = []) -> MetricValue {
        let spare = MetricValue()
        if case .gauge(let found) = instrument(name, labels, .gauge(spare)) { return found }
        return spare
    }

    /// The histogram of that name and those labels, made at the first call with `bounds`.
    package func histogram(_ name: String, _ labels: [(String, String)] = [], bounds: [Double]) -> Histogram {
        let spare = Histogram(bounds: bounds)
        if case .histogram(let found) = instrument(name, labels, .histogram(spare)) { return found }
        return spare
    }

    private func instrument(
        _ name: String, _ labels: [(String, String)], _ new: Instrument
    ) -> Instrument {
        let name = PrometheusText.name(name)
        let labels = PrometheusText.labels(labels)
        return families.withLock { families in
            if let known = families.byName[name]?[labels] { return known }
            guard families.seriesCount < seriesMax else {
                families.dropped += 1
                return new
            }
            families.byName[name, default: [:]][labels] = new
            families.seriesCount += 1
            return new
        }
    }

    /// All series in the text format, version 0.0.4, with those of the process itself.
    package func render() -> String {
        let (families, dropped) = families.withLock { ($0.byName, $0.dropped) }
        var text = ""
        for (name, series) in families.sorted(by: { $0.key < $1.key }) {
            guard let kind = series.values.first?.kind else { continue }
            text += "# TYPE \(name) \(kind)\n"
            for (labels, instrument) in series.sorted(by: { $0.key < $1.key }) where instrument.kind == kind {
                PrometheusText.append(instrument, name, labels, to: &text)
            }
        }
        text += "# TYPE metrics_series_dropped_total counter\nmetrics_series_dropped_total \(dropped)\n"
        text += ProcessMetrics.render()
        return text
    }
}
