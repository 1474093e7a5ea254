import Foundation
import TestSupport

/// A process of `lockworker`, built beside the tests.
struct LockWorker: Sendable {
    let process: ChildProcess
    private let logFile: String

    /// One that works on locks, with counters kept in `store`.
    static func launch(
        _ words: [String], locks: PrivateRedis, store: PrivateRedis, in directory: TemporaryDirectory,
        arguments: [String] = []
    ) async throws -> LockWorker {
        try await launch(words + [locks.url, store.url] + arguments, in: directory)
    }

    static func launch(_ arguments: [String], in directory: TemporaryDirectory) async throws -> LockWorker {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("lockworker").path
        let logFile = directory.file("\(UUID().uuidString).log")
        let process = try await ChildProcess.launch(
            path, arguments: arguments, environment: ["PATH": "/usr/bin:/bin"],
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

    /// The writes that the store accepted, by counter, as the process has said at its end.
    var accepted: [String: Int] {
        let pairs = output.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("c") }
            .map { $0.split(separator: "=") }
        return Dictionary(pairs.map { (String($0[0]), Int($0[1]) ?? 0) }, uniquingKeysWith: +)
    }
}
