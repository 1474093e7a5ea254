import Synchronization

/// Counts of observations by upper bound, as Prometheus reads them.
package final class Histogram: Sendable {
    /// From 100 µs to 10 s.
    static let secondsBounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    /// Powers of two up to 65,536, for sizes.
    static let sizeBounds: [Double] = (0...16).map { Double(1 << $0) }

    private struct State {
        var counts: [UInt64]
        var count: UInt64 = 0
        var sum: Double = 0
    }

    let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count)))
    }

    package func observe(_ value: Double) {
        guard value.isFinite else { return }
        let index = bounds.firstIndex { value <= $0 }
        state.withLock { state in
            if let index { state.counts[index] += 1 }
            state.count += 1
            state.sum += value
        }
    }

    /// Cumulative counts by bound, the count of all and their sum.
    func snapshot() -> (cumulative: [UInt64], count: UInt64, sum: Double) {
        state.withLock { state in
            var running: UInt64 = 0
            let cumulative = state.counts.map { count in
                running += count
                return running
            }
            return (cumulative, state.count, state.sum)
        }
    }
}
