import Histogram

/// The steps of a buyer's visit whose time is measured.
enum Step: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    /// A reservation that was granted.
    case reserve
    /// A reservation that was refused because somebody was quicker.
    case refusal
    /// A payment, with the tickets.
    case confirm
    /// From the first pick to the tickets.
    case purchase
}

/// Latencies of each step in microseconds, in histograms of three significant digits.
struct StepTimes: Sendable {
    private var histograms: [Step: Histogram<UInt64>] = [:]

    mutating func record(_ step: Step, _ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = UInt64(max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
        _ = histograms[step, default: Histogram(numberOfSignificantValueDigits: .three)].record(microseconds)
    }

    mutating func add(_ other: StepTimes) {
        for (step, histogram) in other.histograms {
            histograms[step, default: Histogram(numberOfSignificantValueDigits: .three)].add(histogram)
        }
    }

    /// The percentiles of each step that happened.
    var summaries: [Step: LatencySummary] {
        histograms.mapValues(LatencySummary.init)
    }
}

/// Percentiles of one step in milliseconds.
struct LatencySummary: Sendable, Codable {
    let count: UInt64
    let p50: Double
    let p90: Double
    let p99: Double
    let p999: Double
    let max: Double

    init(_ histogram: Histogram<UInt64>) {
        func milliseconds(_ percentile: Double) -> Double {
            Double(histogram.valueAtPercentile(percentile)) / 1000
        }
        count = histogram.totalCount
        p50 = milliseconds(50)
        p90 = milliseconds(90)
        p99 = milliseconds(99)
        p999 = milliseconds(99.9)
        max = milliseconds(100)
    }
}
