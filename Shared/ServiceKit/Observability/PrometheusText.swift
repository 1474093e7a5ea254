/// The spelling of Prometheus' text format.
enum PrometheusText {
    /// The media type of the format.
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// A valid metric or label name: other characters become underscores.
    static func name(_ text: String) -> String {
        var bytes = text.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        if let first = bytes.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            bytes.insert(UInt8(ascii: "_"), at: 0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `method="GET",route="/x"`, sorted by name so that one set of labels has one spelling.
    static func labels(_ labels: [(String, String)]) -> String {
        labels.sorted { $0.0 < $1.0 }.map { "\(name($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    static func append(
        _ instrument: PrometheusRegistry.Instrument, _ name: String, _ labels: String, to text: inout String
    ) {
        switch instrument {
        case .counter(let value), .gauge(let value):
            text += "\(name)\(braced(labels)) \(number(value.current))\n"
        case .histogram(let histogram):
            let (cumulative, count, sum) = histogram.snapshot()
            let others = labels.isEmpty ? "" : labels + ","
            for (bound, below) in zip(histogram.bounds, cumulative) {
                text += "\(name)_bucket{\(others)le=\"\(number(bound))\"} \(below)\n"
            }
            text += "\(name)_bucket{\(others)le=\"+Inf\"} \(count)\n"
            text += "\(name)_sum\(braced(labels)) \(number(sum))\n"
            text += "\(name)_count\(braced(labels)) \(count)\n"
        }
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
