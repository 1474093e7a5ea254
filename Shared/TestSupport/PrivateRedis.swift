import Foundation
import Synchronization

/// A `redis-server` of a test's own, on a free port in a temporary folder; gone when the object is.
///
/// The server runs under a small shell that kills it when this process ends in whatever way, so that no test run
/// leaves one behind.
package final class PrivateRedis: Sendable {
    /// How the server is set up.
    package struct Options: Sendable {
        /// Clients must give it when it is set.
        package var password: String?
        /// Keeps what was written across a restart, at one `fsync` a write.
        package var appendOnly: Bool
        /// Further arguments of the command line, such as `["--maxmemory", "1mb"]`.
        package var arguments: [String]

        package init(password: String? = nil, appendOnly: Bool = false, arguments: [String] = []) {
            self.password = password
            self.appendOnly = appendOnly
            self.arguments = arguments
        }
    }

    /// Where it listens, on 127.0.0.1.
    package let port: Int
    private let options: Options
    private let directory: TemporaryDirectory
    private let running = Mutex<Server?>(nil)

    private init(port: Int, options: Options) throws {
        self.port = port
        self.options = options
        self.directory = try TemporaryDirectory("redis")
    }

    deinit {
        running.withLock { $0.take() }?.end(signal: "KILL")
    }

    /// Starts a server and returns when it answers.
    package static func start(_ options: Options = Options()) async throws -> PrivateRedis {
        var attemptsLeft = 5
        while true {
            let redis = try PrivateRedis(port: try FreePort.find(), options: options)
            do {
                try await redis.restart()
                return redis
            } catch {
                // Somebody else may have taken the port in between: another one is tried.
                attemptsLeft -= 1
                guard attemptsLeft > 0 else { throw error }
            }
        }
    }

    /// The address as clients are given it, with the password when there is one.
    package var url: String {
        "redis://" + (options.password.map { ":\($0)@" } ?? "") + "127.0.0.1:\(port)"
    }

    /// Ends the server at once, as a crash would: nothing is saved.
    package func kill() {
        running.withLock { $0.take() }?.end(signal: "KILL")
    }

    /// Asks the server to end and waits until it has.
    package func stop() {
        running.withLock { $0.take() }?.end(signal: "TERM")
    }

    /// Makes the server hang: it accepts bytes, executes nothing and answers nothing.
    package func pause() {
        running.withLock { $0 }?.send(SIGSTOP)
    }

    /// Lets a paused server go on with what has arrived.
    package func resume() {
        running.withLock { $0 }?.send(SIGCONT)
    }

    /// Starts the server again on the same port and folder, after killing the one that may still run.
    package func restart() async throws {
        kill()
        let server = try Server(arguments: arguments)
        running.withLock { $0 = server }
        try await eventually(within: .seconds(10), "redis-server on port \(port) answers") {
            guard server.isRunning else { throw PrivateRedisError(log: log) }
            // Another test's server may have been quicker on this port; it must be this one that answers.
            return try command(["PING"]).contains("PONG")
                && command(["INFO", "server"]).split(whereSeparator: \.isNewline)
                    .contains("process_id:\(server.identifier)")
        }
    }

    /// Sends one command by `redis-cli`, a client that shares nothing with the code under test, and returns its output.
    @discardableResult
    package func command(_ arguments: [String]) throws -> String {
        var environment = ProcessInfo.processInfo.environment
        environment["REDISCLI_AUTH"] = options.password
        let client = try ChildProcess(
            "redis-cli", ["-h", "127.0.0.1", "-p", "\(port)"] + arguments, environment: environment)
        let output = client.read(toEnd: true)
        client.wait()
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private var log: String {
        (try? String(contentsOfFile: directory.file("redis.log"), encoding: .utf8)) ?? ""
    }

    private var arguments: [String] {
        var arguments = [
            "--port", "\(port)", "--bind", "127.0.0.1", "--dir", directory.path, "--save", "",
            "--logfile", directory.file("redis.log"), "--appendonly", options.appendOnly ? "yes" : "no",
            "--appendfsync", "always",
        ]
        if let password = options.password {
            arguments += ["--requirepass", password]
        }
        return arguments + options.arguments
    }
}

/// One run of `redis-server` under its shell.
private final class Server: Sendable {
    private let shell: ChildProcess
    let identifier: pid_t

    init(arguments: [String]) throws {
        // The shell ends the server when its input says so or ends, which also happens when this process dies.
        let script = """
            redis-server "$@" & echo $!
            read -r signal || signal=KILL
            kill -"$signal" $! 2>/dev/null
            wait
            """
        shell = try ChildProcess("sh", ["-c", script, "redis"] + arguments)
        let line = shell.read(toEnd: false)
        guard let identifier = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw PrivateRedisError(log: "the shell printed \(line)")
        }
        self.identifier = identifier
    }

    var isRunning: Bool { Foundation.kill(identifier, 0) == 0 && !isZombie }

    /// Ended, yet not collected by the shell, which waits for its input.
    private var isZombie: Bool {
        let status = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)
        return status?.split(separator: ")").last?.hasPrefix(" Z") ?? false
    }

    func send(_ signal: Int32) {
        _ = Foundation.kill(identifier, signal)
    }

    func end(signal: String) {
        shell.write("\(signal)\n")
        shell.wait()
    }
}

/// The private server did not start.
package struct PrivateRedisError: Error, CustomStringConvertible {
    /// What the server wrote before it ended.
    package var log: String

    package var description: String { "redis-server did not start: \(log)" }
}
