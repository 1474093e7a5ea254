import Contracts
import Foundation
import HTTPKit
import Logging
import NIOPosix
import TestSupport
import Testing

/// The real executable as a process of its own: settings, signals, the end.
@Suite struct ProcessTests {
    private struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The folder of the test binary, where the executables are built too.
    private static var executable: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("auth")
    }

    private func process(
        _ arguments: [String], _ environment: [String: String], in directory: TemporaryDirectory
    ) throws -> Process {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = directory.url
        return process
    }

    private func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Outcome {
        let directory = try TemporaryDirectory("auth-process")
        let process = try process(arguments, environment, in: directory)
        let paths = (directory.file("out"), directory.file("err"))
        for path in [paths.0, paths.1] { try Data().write(to: URL(fileURLWithPath: path)) }
        process.standardOutput = FileHandle(forWritingAtPath: paths.0)
        process.standardError = FileHandle(forWritingAtPath: paths.1)
        try process.run()
        try await eventually(within: .seconds(30), "the end of the process") { !process.isRunning }
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOfFile: paths.0, encoding: .utf8),
            errors: try String(contentsOfFile: paths.1, encoding: .utf8))
    }

    private let keys = [
        "TOKEN_KEYS": "k:" + SecureRandom.hexadecimal(bytes: 32),
        "INTERNAL_KEYS": "k:" + SecureRandom.hexadecimal(bytes: 32),
    ]

    @Test func `--help prints every setting and needs none`() async throws {
        let outcome = try await run(["--help"])
        #expect(outcome.status == 0)
        for key in ["TOKEN_KEYS_FILE", "SCRYPT_LOG2N", "GUEST_MINTS_PER_MINUTE", "PORT"] {
            #expect(outcome.output.contains(key))
        }
        #expect(try await run(["--version"]).output.hasPrefix("holdfast auth "))
    }

    @Test func `settings that cannot be used end with status 64 and one line`() async throws {
        let cases: [([String], [String: String], String)] = [
            (["--prot", "1"], keys, "auth: unknown setting --prot (see --help)\n"),
            ([], [:], "auth: TOKEN_KEYS is missing: set it or TOKEN_KEYS_FILE\n"),
            (["--port", "x"], keys, "auth: PORT must be a whole number from 0 to 65535, not 'x'\n"),
            (
                ["--database-url", "mysql://x"], keys,
                "auth: DATABASE_URL must be written sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE\n"
            ),
            (
                ["--database-url", "postgres://me:s3cret@host:x%zz/auth"], keys,
                "auth: DATABASE_URL: the database's URL cannot be read: "
                    + "write postgres://USER:PASSWORD@HOST:PORT/DATABASE\n"
            ),
        ]
        for (arguments, environment, line) in cases {
            let outcome = try await run(arguments, environment)
            #expect(outcome.status == 64)
            #expect(outcome.errors == line)
        }
    }

    @Test func `the process serves until SIGTERM, ends with 0, and what it acknowledged is there again`() async throws {
        let directory = try TemporaryDirectory("auth-process")
        let client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "client"))
        var token = ""
        for round in 1...2 {
            let port = try FreePort.find()
            let endpoint = Endpoint(host: "127.0.0.1", port: port)
            let process = try process(["--port", "\(port)"], keys, in: directory)
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            try await eventually(within: .seconds(30), "readiness") {
                let request = ClientRequest(method: "GET", target: "/health/ready")
                let reply = try? await client.send(request, to: endpoint, deadline: .after(.seconds(2)))
                return reply?.status == 200
            }
            #expect(try await run(["--check-health", "--port", "\(port)"]).output == "auth: ok\n")
            if round == 1 {
                let reply = try await client.send(
                    ClientRequest(method: "POST", target: "/api/auth/guest"), to: endpoint,
                    deadline: .after(.seconds(20)))
                token = try WireJSON.decode(SignInReply.self, from: reply.body).accessToken
            }
            var headers = HeaderFields()
            headers.add("Authorization", "Bearer \(token)")
            let me = try await client.send(
                ClientRequest(method: "GET", target: "/api/auth/me", headers: headers), to: endpoint,
                deadline: .after(.seconds(20)))
            #expect(me.status == 200)
            process.terminate()
            try await eventually(within: .seconds(20), "the end") { !process.isRunning }
            #expect(process.terminationStatus == 0)
            #expect(process.terminationReason == .exit)
            #expect(try await run(["--check-health", "--port", "\(port)"]).status == 1)
        }
        await client.shutdown()
    }
}
