import Foundation
import TestSupport

/// A process of `lockworker`, built beside the tests.
struct LockWorker: Sendable {
    let process: ChildProcess
    private let logFile: String

    static func launch(
        _ words: [String], locks: PrivateRedis, store: PrivateRedis, in directory: TemporaryDirectory,
        arguments: [String] = []
    ) async throws -> LockWorker {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("lockworker").path
        let logFile = directory.file("\(UUID().uuidString).log")
        let process = try await ChildProcess.launch(
            path, arguments: words + [locks.url, store.url] + arguments, environment: ["PATH": "/usr/bin:/bin"],
            logFile: logFile)
        return LockWorker(process: process, logFile: logFile)
    }

    /// What it has printed.
    var output: String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }

    /// Waits until it has printed a line.
    func waitFor(_ line: String, within limit: Duration = .seconds(20)) async throws {
        try await eventually(within: limit, "\(line), after \(output)") {
            output.split(separator: "\n").contains(Substring(line))
        }
    }
}
