import Metrics
import Testing

@testable import ServiceKit

@Suite struct MetricsTests {
    @Test func `counters, gauges and histograms are written in Prometheus' text format`() {
        let registry = PrometheusRegistry()
        registry.counter("sales_total", [("kind", "seat"), ("event", "a\"b\\c\nd")]).add(3)
        registry.gauge("waiting").set(2.5)
        let histogram = registry.histogram("commit.seconds", bounds: [0.1, 1])
        for value in [0.05, 0.5, 0.5, 7] { histogram.observe(value) }
        let lines = registry.render().split(separator: "\n").map(String.init)
        let expected = [
            "# TYPE commit_seconds histogram",
            "commit_seconds_bucket{le=\"0.1\"} 1",
            "commit_seconds_bucket{le=\"1\"} 3",
            "commit_seconds_bucket{le=\"+Inf\"} 4",
            "commit_seconds_sum 8.05",
            "commit_seconds_count 4",
            "# TYPE sales_total counter",
            #"sales_total{event="a\"b\\c\nd",kind="seat"} 3"#,
            "# TYPE waiting gauge",
            "waiting 2.5",
        ]
        #expect(Array(lines.prefix(expected.count)) == expected)
        #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
        #expect(lines.contains { $0.hasPrefix("process_cpu_seconds_total ") })
    }

    @Test func `the same name and labels in any order are one series`() {
        let registry = PrometheusRegistry()
        registry.counter("c", [("a", "1"), ("b", "2")]).increment()
        registry.counter("c", [("b", "2"), ("a", "1")]).increment()
        #expect(registry.render().contains("c{a=\"1\",b=\"2\"} 2\n"))
    }

    @Test func `series beyond the bound are counted and otherwise dropped`() {
        let registry = PrometheusRegistry(seriesMax: 2)
        for number in 0..<5 { registry.counter("c", [("n", "\(number)")]).increment() }
        let text = registry.render()
        #expect(text.contains("c{n=\"1\"} 1\n"))
        #expect(!text.contains("n=\"2\""))
        #expect(text.contains("metrics_series_dropped_total 3\n"))
    }

    @Test func `what is reported through swift-metrics appears`() {
        let registry = PrometheusRegistry()
        Counter(label: "db.commits", dimensions: [("db", "x")], factory: registry).increment(by: 2)
        Timer(label: "db.commit", factory: registry).recordNanoseconds(2_000_000)
        Recorder(label: "db.batch", dimensions: [], aggregate: true, factory: registry).record(5)
        Gauge(label: "db.queue", factory: registry).record(4)
        Meter(label: "db.open", factory: registry).set(1)
        let text = registry.render()
        #expect(text.contains("db_commits{db=\"x\"} 2\n"))
        #expect(text.contains("db_commit_seconds_bucket{le=\"0.0025\"} 1\n"))
        #expect(text.contains("db_batch_bucket{le=\"8\"} 1\n"))
        #expect(text.contains("db_batch_bucket{le=\"4\"} 0\n"))
        #expect(text.contains("db_queue 4\n"))
        #expect(text.contains("db_open 1\n"))
    }

    @Test func `parallel increments are all counted`() async {
        let registry = PrometheusRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1000 { registry.counter("n").increment() } }
            }
        }
        #expect(registry.counter("n").current == 8000)
    }
}
