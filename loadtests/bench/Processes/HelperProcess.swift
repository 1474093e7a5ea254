import Foundation
import HTTPKit
import TestSupport

/// A server beside the services, such as nginx: on a free port, with a folder of its own, gone with the object.
final class HelperProcess: Sendable {
    let endpoint: Endpoint
    let identifier: pid_t
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    private static let startLimit = Duration.seconds(15)

    private init(_ process: ChildProcess, _ endpoint: Endpoint, _ directory: TemporaryDirectory) {
        self.process = process
        self.endpoint = endpoint
        self.directory = directory
        identifier = process.identifier
    }

    /// Starts `program` with the arguments for a port and a folder, and waits until it accepts connections.
    static func start(
        _ program: String, environment: [String: String] = [:],
        arguments: (_ port: Int, _ directory: TemporaryDirectory) throws -> [String]
    ) async throws -> HelperProcess {
        let port = try FreePort.find()
        let name = URL(fileURLWithPath: program).lastPathComponent
        let directory = try TemporaryDirectory(name)
        let log = directory.file("output.log")
        let variables = environment.merging(CleanEnvironment.variables) { given, _ in given }
        let process = try await ChildProcess.launch(
            program, arguments: try arguments(port, directory), environment: variables, logFile: log)
        let endpoint = Endpoint(host: "127.0.0.1", port: port)
        try await eventually(within: startLimit, "\(name) accepts connections") {
            guard process.isRunning else {
                let output = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                throw HelperDidNotStart(name: name, output: String(output.suffix(1000)))
            }
            return LocalPort.accepts(port)
        }
        return HelperProcess(process, endpoint, directory)
    }

    /// Ends the process; letting go of the object does the same.
    func stop() { process.kill() }
}

/// The environment of what is started here: nothing of the user's that could change a figure.
enum CleanEnvironment {
    static var variables: [String: String] {
        ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR", "LANG"].contains($0.key) }
    }
}

/// A program that a benchmark needs ended before it could be used.
struct HelperDidNotStart: Error, CustomStringConvertible {
    let name: String
    let output: String

    var description: String { "\(name) did not start: \(output)" }
}

/// Asks whether somebody listens.
enum LocalPort {
    /// Whether a connection to `port` of the loopback interface is accepted.
    static func accepts(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = UInt16(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
