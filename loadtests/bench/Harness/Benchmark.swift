/// Something that is measured beside its reference.
///
/// A benchmark is one file: what is compared with what (``comparisons``), and how the contenders are set up and
/// measured (``run(_:)``).
protocol Benchmark: Sendable {
    /// The short name it is asked for by, such as `P1`.
    var id: String { get }
    /// What is measured against what, in one line.
    var summary: String { get }
    /// The lines of the table; each ratio is taken within a round.
    var comparisons: [Comparison] { get }

    /// Starts what is needed, has the contenders measured by `rounds`, and stops everything, however that ends.
    func run(_ rounds: Rounds) async throws
}

/// A benchmark cannot be run here, which ends nothing else.
struct BenchmarkUnavailable: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}
