import LoadKit

/// Measures the contenders of one benchmark in turns, so that what disturbs the machine disturbs all of them.
actor Rounds {
    /// What was measured, by contender, a sample for each round.
    private(set) var samples: [String: [Sample]] = [:]
    let options: RunOptions
    private let benchmark: String
    private let progress: ProgressLine

    init(of benchmark: String, options: RunOptions, progress: ProgressLine) {
        self.benchmark = benchmark
        self.options = options
        self.progress = progress
    }

    /// Says what is being prepared.
    nonisolated func note(_ text: String) {
        progress.note("\(benchmark)  \(text)", transient: true)
    }

    /// Measures each of `contenders` once a round; every second round in the reverse order, so that nobody is always
    /// the one who comes after somebody.
    func measure(_ contenders: [Contender]) async throws {
        for round in 0..<options.rounds {
            for contender in round.isMultiple(of: 2) ? contenders : contenders.reversed() {
                try Task.checkCancellation()
                note("round \(round + 1) of \(options.rounds): \(contender.name)")
                let sample = try await contender.measure(options)
                samples[contender.name, default: []].append(sample)
                progress.note("\(benchmark)  round \(round + 1)  \(Self.line(contender.name, sample))")
            }
        }
    }

    private static func line(_ name: String, _ sample: Sample) -> String {
        let figures = sample.figures.sorted { $0.key.rawValue < $1.key.rawValue }
        return leftAligned(name, 24)
            + figures.map { "\($0.key.rawValue) \(Quantity.text($0.value))" }.joined(separator: "  ")
    }
}
