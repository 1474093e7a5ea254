/// What one measurement of one contender brought.
struct Sample: Sendable, Codable {
    private(set) var figures: [Figure: Double] = [:]

    init() {}

    init(_ figures: [Figure: Double]) {
        self.figures = figures
    }

    subscript(figure: Figure) -> Double? {
        get { figures[figure] }
        set { figures[figure] = newValue }
    }
}

/// The name of a measured number; benchmarks may add their own.
struct Figure: RawRepresentable, Sendable, Hashable, Codable, CodingKeyRepresentable {
    let rawValue: String

    /// Operations per second.
    static let rate = Figure(rawValue: "rate")
    /// Latencies in milliseconds.
    static let p50 = Figure(rawValue: "p50")
    static let p99 = Figure(rawValue: "p99")
    static let p999 = Figure(rawValue: "p99.9")
    /// Mebibytes.
    static let memory = Figure(rawValue: "memory")

    /// CPU time of a process, user and system, in microseconds per operation.
    static func cpu(_ process: String) -> Figure { Figure(rawValue: "cpu.\(process)") }
}
