import Foundation
import TestSupport

/// Runs a program to its end and gives what it printed; cancelling the task ends the program.
enum CommandOutput {
    static func of(_ program: String, _ arguments: [String], within limit: Duration) async throws -> String {
        let directory = try TemporaryDirectory("command")
        let log = directory.file("output.log")
        let process = try await ChildProcess.launch(
            program, arguments: arguments, environment: CleanEnvironment.variables, logFile: log)
        let end = try await process.wait(within: limit)
        let output = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        guard end == .exited(0) else {
            let name = URL(fileURLWithPath: program).lastPathComponent
            throw CommandFailed(name: name, output: String(output.suffix(500)))
        }
        return output
    }
}

/// A tool ended with an error.
struct CommandFailed: Error, CustomStringConvertible {
    let name: String
    let output: String

    var description: String { "\(name) failed: \(output)" }
}
