/// What came of a benchmark.
struct BenchmarkResult: Sendable, Codable {
    /// A comparison with its numbers.
    struct Line: Sendable, Codable {
        let what: String
        let measured: Spread
        let reference: Spread?
        /// The figure itself where there is no reference.
        let ratio: Spread
        let target: String
        let hasTarget: Bool
        let isMet: Bool
    }

    let id: String
    let summary: String
    let lines: [Line]
    let samples: [String: [Sample]]

    init(_ benchmark: any Benchmark, _ samples: [String: [Sample]]) {
        id = benchmark.id
        summary = benchmark.summary
        self.samples = samples
        lines = benchmark.comparisons.compactMap { comparison in
            guard let measured = Spread(comparison.measured.values(in: samples)),
                let ratio = Spread(comparison.ratios(in: samples))
            else { return nil }
            let hasTarget = if case .none = comparison.target { false } else { true }
            return Line(
                what: comparison.what, measured: measured,
                reference: comparison.reference.flatMap { Spread($0.values(in: samples)) }, ratio: ratio,
                target: "\(comparison.target)", hasTarget: hasTarget,
                isMet: comparison.target.isMet(by: ratio.median))
        }
    }
}
