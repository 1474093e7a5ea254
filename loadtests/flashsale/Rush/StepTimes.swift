import Histogram
import LoadKit

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
