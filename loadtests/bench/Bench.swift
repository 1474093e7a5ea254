import ArgumentParser
import Foundation

/// The benchmarks: every figure beside its reference, both measured in turns in the same run.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures Holdfast against references on the same machine, in the same run.",
        discussion: """
            Build it and the services for release first: the services are started from the folder of this program. \
            Everything else that a benchmark needs (nginx, Redis, PostgreSQL, a plain Hummingbird service) it starts \
            itself, on free ports and in temporary folders, and stops at its end.
            """,
        subcommands: [ListCommand.self, RunCommand.self, ServeEmptyCommand.self, ServeStreamsCommand.self])

    /// Writes a complaint where complaints go.
    static func complain(_ text: String) {
        FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
    }
}
