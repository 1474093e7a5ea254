import Dispatch
import Foundation
import Synchronization

/// A PostgreSQL cluster of a test's own, on a free port in a temporary folder; gone when the object is.
///
/// The server refuses to run as root, so a test run by root starts it as the user `postgres`, or `nobody`. It runs under
/// a small shell that kills it when this process ends in whatever way, so that no test run leaves one behind.
package final class PrivatePostgres: Sendable {
    /// How the cluster is set up.
    package struct Options: Sendable {
        /// Whether commits reach the disk: off for speed, since a killed server loses nothing by it; only a killed
        /// machine would.
        package var synchronous: Bool
        /// Further settings, such as `["max_connections": "5"]`.
        package var settings: [String: String]
        /// The locale of the databases. Not that of the machine: order must not depend on it.
        package var locale: String

        package init(synchronous: Bool = false, settings: [String: String] = [:], locale: String = "C.UTF-8") {
            self.synchronous = synchronous
            self.settings = settings
            self.locale = locale
        }
    }

    /// Where it listens, on 127.0.0.1.
    package let port: Int
    /// The password of the superuser `holdfast`.
    package let password = "p:w@d/%41?"
    private let options: Options
    private let folder: ServerFolder
    private let programs: String
    private let running = Mutex<ServerProcess?>(nil)
    private let databases = Mutex(0)

    private init(port: Int, options: Options) throws {
        self.port = port
        self.options = options
        programs = try Self.findPrograms()
        folder = try ServerFolder("postgres")
    }

    deinit {
        running.withLock { $0.take() }?.end(signal: "QUIT")
    }

    /// Starts a cluster and returns when it answers.
    package static func start(_ options: Options = Options()) async throws -> PrivatePostgres {
        var attemptsLeft = 5
        while true {
            let cluster = try PrivatePostgres(port: try FreePort.find(), options: options)
            do {
                try await cluster.initialize()
                try await cluster.restart()
                return cluster
            } catch {
                // Somebody else may have taken the port in between: another one is tried.
                attemptsLeft -= 1
                guard attemptsLeft > 0 else { throw error }
            }
        }
    }

    /// The address of `database` as programs are given it, with the password.
    package func url(_ database: String = "postgres", user: String = "holdfast", password: String? = nil) -> String {
        let secret = (password ?? self.password).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "postgres://\(user):\(secret)@127.0.0.1:\(port)/\(database)"
    }

    /// Makes a place of `megabytes` for databases to run out of; nil where file systems may not be mounted.
    package func makeSmallRoom(megabytes: Int) async throws -> SmallRoom? {
        let path = folder.path + "/room"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        guard let room = try SmallRoom(path: path, megabytes: megabytes, owner: folder) else { return nil }
        try await run("CREATE TABLESPACE small LOCATION '\(path)'")
        return room
    }

    /// Makes an empty database, in `room` if there is one, and returns its name.
    package func createDatabase(in room: SmallRoom? = nil) async throws -> String {
        let number = databases.withLock { count in
            count += 1
            return count
        }
        let name = "test_\(number)"
        try await run("CREATE DATABASE \(name)" + (room == nil ? "" : " TABLESPACE small"))
        return name
    }

    /// Removes a database, and ends the connections to it.
    package func dropDatabase(_ name: String) async throws {
        try await run("DROP DATABASE \(name) WITH (FORCE)")
    }

    /// Sends SQL by `psql`, a client that shares nothing with the code under test, and returns what it prints: the
    /// columns of a row separated by `|`.
    @discardableResult
    package func run(_ sql: String, database: String = "postgres") async throws -> String {
        try await Self.off { [self] in try runBlocking(sql, database: database) }
    }

    /// As ``run(_:database:)``, for code that must not suspend; it blocks its thread meanwhile.
    @discardableResult
    package func runBlocking(_ sql: String, database: String = "postgres") throws -> String {
        try Self.output([
            programs + "/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url(database), "-c", sql,
        ])
    }

    /// All that a database holds, as text.
    package func dump(_ database: String) async throws -> String {
        let words = [programs + "/pg_dump", "-d", url(database)]
        return try await Self.off { try Self.output(words) }
    }

    /// What a command prints; throws it when the command fails.
    private static func output(_ words: [String]) throws -> String {
        let process = try ChildProcess(words[0], Array(words.dropFirst()))
        let output = process.read(toEnd: true)
        guard process.wait() == 0 else { throw PrivatePostgresError(log: output) }
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs `body`, which blocks, on a thread that nobody else waits for: Swift's own are as few as the cores.
    private static func off<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// Begins a `psql` that keeps its transaction or its lock for as long as the process is kept.
    package func session(database: String) throws -> ChildProcess {
        try ChildProcess(programs + "/psql", ["-X", "-q", "-A", "-t", "-d", url(database)])
    }

    /// Ends the server at once, as a crash would; it recovers from its log at the next start.
    package func kill() {
        running.withLock { $0.take() }?.end(signal: "KILL")
    }

    /// Asks the server to end its connections and itself, and waits until it has.
    package func stop() {
        running.withLock { $0.take() }?.end(signal: "INT")
    }

    /// Makes the server, with all its connections, hang: it accepts bytes, executes nothing and answers nothing.
    package func pause() { running.withLock { $0 }?.send(SIGSTOP) }

    /// Lets a paused server go on with what has arrived.
    package func resume() { running.withLock { $0 }?.send(SIGCONT) }

    /// Starts the server again on the same port and folder, after killing the one that may still run.
    package func restart() async throws {
        kill()
        let server = try ServerProcess(
            folder.command([programs + "/postgres"] + arguments), log: folder.log, folder: folder.path)
        running.withLock { $0 = server }
        try await eventually(within: .seconds(30), "postgres on port \(port) answers") {
            guard server.isRunning else { throw PrivatePostgresError(log: folder.logText) }
            // Another test's server may have been quicker on this port; its password is the same, its folder is not.
            return (try? await run("SHOW data_directory")) == folder.data
        }
    }

    private var arguments: [String] {
        var settings = [
            "port": "\(port)", "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
            "max_connections": "200", "fsync": options.synchronous ? "on" : "off",
            "full_page_writes": options.synchronous ? "on" : "off", "shared_buffers": "32MB",
        ]
        settings.merge(options.settings) { _, given in given }
        return ["-D", folder.data] + settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }

    private func initialize() async throws {
        let secret = try folder.write(password, to: "password")
        let words = folder.command([
            programs + "/initdb", "-D", folder.data, "-U", "holdfast", "--pwfile", secret, "-A", "scram-sha-256",
            "-E", "UTF8", "--locale", options.locale, "--no-sync",
        ])
        _ = try await Self.off { try Self.output(words) }
    }

    /// Debian keeps the server's programs out of `PATH`, a folder for each version.
    private static func findPrograms() throws -> String {
        let parent = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        guard let newest else { throw PrivatePostgresError(log: "no PostgreSQL is installed under \(parent)") }
        return "\(parent)/\(newest)/bin"
    }
}

/// The private server did not start, or refused what it was told.
package struct PrivatePostgresError: Error, CustomStringConvertible {
    /// What the server or its client wrote before it ended.
    package var log: String

    package var description: String { "PostgreSQL: \(log)" }
}
