import ArgumentParser
import Foundation
import LoadKit

/// `bench run`: measures, prints the table, writes the files.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs benchmarks and compares them with their references.",
        discussion: """
            In every round each contender of a benchmark is measured once, in an order that alternates; a ratio is \
            taken within a round, and the table shows the median of the rounds with the least and the greatest.

            Exit code 0: measured, whether the targets are met or not. 1: a target is missed and --strict was given. \
            2: something could not be measured.
            """)

    @Argument(help: "Names of benchmarks, such as P1; all of them without one.")
    var names: [String] = []

    @Option(help: "Rounds of each benchmark; odd numbers have a median of their own.")
    var rounds = 5

    @Option(help: "Seconds that each contender is measured in a round.")
    var seconds = 3.0

    @Option(help: "File for all figures as JSON.")
    var json: String?

    @Option(help: "Markdown file whose part between the marks of the results is replaced; made when absent.")
    var markdown: String?

    @Option(help: "A Python that has redis-py, for P3 and LOCKS, and pottery, for LOCKS.")
    var python = "/usr/bin/python3"

    @Flag(help: "Fail when a target is missed.")
    var strict = false

    func validate() throws {
        guard (1...1000).contains(rounds) else { throw ValidationError("--rounds is a number from 1 to 1000") }
        guard (0.1...600).contains(seconds) else { throw ValidationError("--seconds is a number from 0.1 to 600") }
        _ = try BenchmarkCatalogue.select(names)
    }

    func run() async throws {
        let work = Task { try await measure() }
        let signals = StopSignals.onFirst { work.cancel() }
        defer { signals.cancel() }
        switch await work.result {
        case .success(let report):
            print("\n\(report.table)")
            if strict, !report.meetsAllTargets { throw ExitCode(1) }
        case .failure(is CancellationError):
            Bench.complain("stopped; nothing is left running")
            throw ExitCode(StopSignals.exitCode)
        case .failure(let error):
            Bench.complain("\(error)")
            throw ExitCode(2)
        }
    }

    private func measure() async throws -> Report {
        let options = RunOptions(rounds: rounds, duration: .seconds(seconds), python: python)
        let progress = ProgressLine.standard()
        var report = Report(machine: .here(), options: options)
        for benchmark in try BenchmarkCatalogue.select(names) {
            let rounds = Rounds(of: benchmark.id, options: options, progress: progress)
            do {
                try await benchmark.run(rounds)
            } catch let unavailable as BenchmarkUnavailable {
                progress.note("\(benchmark.id)  left out: \(unavailable)")
                continue
            }
            try Task.checkCancellation()
            report.results.append(BenchmarkResult(benchmark, await rounds.samples))
            // Written after each benchmark, so that an end in the middle loses nothing that was measured.
            try write(report)
        }
        return report
    }

    private func write(_ report: Report) throws {
        if let json { try report.json().write(to: URL(fileURLWithPath: json)) }
        if let markdown { try MarkedSection(path: markdown).replace(with: report.markdown) }
    }
}
