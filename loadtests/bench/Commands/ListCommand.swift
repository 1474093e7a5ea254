import ArgumentParser
import LoadKit

/// `bench list`: what there is to run.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the benchmarks and their targets.")

    func run() {
        for benchmark in BenchmarkCatalogue.all {
            print(leftAligned(benchmark.id, 6) + benchmark.summary)
            for comparison in benchmark.comparisons {
                print("      \(comparison.what): \(comparison.target)")
            }
        }
    }
}
