import Foundation
import LoadKit

/// The results of a run, for people as a table and for machines as JSON.
struct Report: Sendable {
    let machine: MachineFacts
    let options: RunOptions
    var results: [BenchmarkResult] = []

    init(machine: MachineFacts, options: RunOptions) {
        self.machine = machine
        self.options = options
    }

    var meetsAllTargets: Bool { results.allSatisfy { $0.lines.allSatisfy(\.isMet) } }

    private static let titles = ["#", "what", "measured", "reference", "ratio (min–max)", "target", "met"]

    private var rows: [[String]] {
        results.flatMap { result in
            result.lines.enumerated().map { index, line in
                [
                    index == 0 ? result.id : "", line.what, Quantity.text(line.measured.median),
                    line.reference.map { Quantity.text($0.median) } ?? "–", Self.ratio(line), line.target,
                    line.hasTarget ? (line.isMet ? "yes" : "**no**") : "",
                ]
            }
        }
    }

    private static func ratio(_ line: BenchmarkResult.Line) -> String {
        let range = "(\(Quantity.text(line.ratio.min))–\(Quantity.text(line.ratio.max)))"
        return line.reference == nil ? range : "\(Quantity.text(line.ratio.median)) \(range)"
    }

    /// For a terminal.
    var table: String {
        let all = [Self.titles] + rows.map { $0.map { $0.replacing("**", with: "") } }
        let widths = Self.titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            zip(row, widths).enumerated().map { column, cell in
                column < 2 || column > 4 ? leftAligned(cell.0, cell.1) : rightAligned(cell.0, cell.1)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// The same table with what has to be known about the run.
    var markdown: String {
        let heading = [
            "\(machine)", "",
            "\(options.rounds) interleaved rounds of \(Quantity.text(options.duration / .seconds(1))) s for each contender; "
                + "medians; ratios are taken within a round.", "",
        ]
        let lines = ([Self.titles, Self.titles.map { _ in "---" }] + rows).map {
            "| " + $0.joined(separator: " | ") + " |"
        }
        return (heading + lines).joined(separator: "\n")
    }

    private struct Document: Encodable {
        let machine: MachineFacts
        let rounds: Int
        let seconds: Double
        let results: [BenchmarkResult]
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(
            Document(
                machine: machine, rounds: options.rounds, seconds: options.duration / .seconds(1), results: results))
    }
}
