package import Checker
package import Contracts
import Foundation
package import HTTPKit
import Logging
import NIOPosix
import Synchronization

/// All of Holdfast as real processes for a test: seven services, a Redis, databases and secrets of its own.
///
/// The executables are the ones built beside the running tests. Nothing outlives the object or the test run. What the
/// services print is in a temporary folder, or stays in `HOLDFAST_TEST_LOGS` when that names a folder.
package final class HoldfastStack: Sendable {
    /// Where the gateway listens.
    package let gateway: Endpoint
    package let redis: PrivateRedis
    package static let adminEmail = "admin@holdfast.example"
    package let adminPassword: String
    static let tokenKeyID = "t1"

    private let http: HTTPClient
    private let directory: TemporaryDirectory
    private let logs: String
    private let environments: [ServiceName: [String: String]]
    private let processes = Mutex<[ServiceName: LaunchedProcess]>([:])
    /// The administrator's sign-in, used again while it is surely good: signing in is made to be slow.
    private let adminSignIn = Mutex<(signIn: Task<APIClient, any Error>, until: ContinuousClock.Instant)?>(nil)
    private static let signInKept = Duration.seconds(120)

    private init(_ options: StackOptions) async throws {
        directory = try TemporaryDirectory("stack")
        logs = try Self.logFolder(in: directory)
        redis = try await PrivateRedis.start(
            PrivateRedis.Options(
                password: SecureRandom.hexadecimal(bytes: 12), appendOnly: true, arguments: options.redisArguments))
        adminPassword = SecureRandom.hexadecimal(bytes: 12)
        let ports = try FreePort.find(ServiceName.allCases.count + 1)
        let portOf = Dictionary(uniqueKeysWithValues: zip(ServiceName.allCases, ports))
        gateway = Endpoint(host: "127.0.0.1", port: portOf[.gateway, default: 0])
        let common = try Self.commonSettings(
            directory: directory, redis: redis, ports: portOf, adminPassword: adminPassword)
        environments = Dictionary(
            uniqueKeysWithValues: portOf.map { name, port in
                var settings = common.merging(options.common) { $1 }
                settings.merge(options.services[name] ?? [:]) { $1 }
                settings["PORT"] = String(port)
                if name == .gateway { settings["OPERATIONS_PORT"] = String(ports[ports.count - 1]) }
                return (name, settings)
            })
        http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "stack"))
    }

    /// Starts everything and returns when the gateway says that every service is ready.
    package static func start(_ options: StackOptions = StackOptions()) async throws -> HoldfastStack {
        let stack = try await HoldfastStack(options)
        for name in ServiceName.allCases { try await stack.start(name) }
        try await stack.waitUntilHealthy()
        return stack
    }

    /// Runs `body` on a stack of its own, which is gone afterwards.
    package static func with<Value: Sendable>(
        _ options: StackOptions = StackOptions(), _ body: (HoldfastStack) async throws -> Value
    ) async throws -> Value {
        let stack = try await start(options)
        do {
            let value = try await body(stack)
            await stack.stop()
            return value
        } catch {
            await stack.stop()
            throw error
        }
    }

    // MARK: - Processes

    /// Starts one service; `faults` replace the ones the stack was given, so that a restart meets none unless asked.
    package func start(_ name: ServiceName, faults: String? = nil) async throws {
        var environment = environments[name] ?? [:]
        let isRestart = processes.withLock { $0[name] != nil }
        if let faults {
            environment["FAULT_POINTS"] = faults
        } else if isRestart {
            environment["FAULT_POINTS"] = nil
        }
        let process = try await LaunchedProcess.launch(
            Self.executable(name), environment: environment, logFile: "\(logs)/\(name.rawValue).log")
        processes.withLock { $0[name] = process }
    }

    /// The process of a service, running or ended.
    package func process(_ name: ServiceName) throws -> LaunchedProcess {
        try processes.withLock { $0[name] }.orThrow(StackError(message: "\(name.rawValue) was never started"))
    }

    /// Ends a service at once, as a crash or `kill -9` does.
    package func kill9(_ name: ServiceName) throws { try process(name).kill() }

    /// Asks a service to end and waits until it has.
    @discardableResult
    package func terminate(_ name: ServiceName) async throws -> LaunchedProcess.End {
        try await process(name).terminate()
    }

    /// Waits until every service is ready; the error says which one is not, and what it last printed.
    package func waitUntilHealthy(within limit: Duration = .seconds(60)) async throws {
        let client = client()
        var last = "no reply"
        do {
            try await eventually(within: limit, "readiness of all services") {
                for name in ServiceName.allCases where try !process(name).isRunning {
                    throw StackError(message: "\(name.rawValue) ended: \(self.log(of: name))")
                }
                do {
                    let reply = try await client.send("GET", "/health")
                    last = reply.text
                    guard reply.status == 200 else { return false }
                } catch {
                    // Nobody listens yet.
                    return false
                }
                // The gateway may remember a time before a restart, so that each service is asked itself too.
                for name in ServiceName.allCases where name != .gateway {
                    guard await isReady(name) else { return false }
                }
                return true
            }
        } catch is ConditionNeverHeld {
            throw StackError(message: "not ready within \(limit): \(last)")
        }
    }

    private func isReady(_ name: ServiceName) async -> Bool {
        guard let port = environments[name]?["PORT"].flatMap(Int.init) else { return false }
        let request = ClientRequest(method: "GET", target: "/health/ready", headers: HeaderFields(), body: nil)
        let endpoint = Endpoint(host: "127.0.0.1", port: port)
        let reply = try? await http.send(request, to: endpoint, deadline: .after(.seconds(1)))
        return reply?.status == 200
    }

    /// Asks all services to end, callers first, and ends Redis.
    package func stop() async {
        for name in [ServiceName.gateway, .booking, .events, .search, .auth, .inventory, .payment] {
            guard let process = processes.withLock({ $0[name] }) else { continue }
            // One that does not end in time is killed; the test that cares about that asks for it itself.
            do { try await process.terminate(within: .seconds(5)) } catch { process.kill() }
        }
        redis.stop()
        await http.shutdown()
    }

    /// The end of what a service printed.
    package func log(of name: ServiceName) -> String {
        let text = (try? String(contentsOfFile: "\(logs)/\(name.rawValue).log", encoding: .utf8)) ?? ""
        return String(text.suffix(2000))
    }

    // MARK: - Clients

    /// The client that talks to the gateway.
    package var httpClient: HTTPClient { http }

    /// A client of the gateway that is not signed in.
    package func client(timeout: Duration = .seconds(15)) -> APIClient {
        var client = APIClient(http: http, gateway: gateway, timeout: timeout)
        client.onReply = ExchangeRecorder.shared?.record
        return client
    }

    /// A client signed in as the administrator.
    package func admin() async throws -> APIClient {
        let signIn = adminSignIn.withLock { kept in
            if let kept, kept.until > .now { return kept.signIn }
            let signIn = Task { [self] in
                try await client().signIn(email: Self.adminEmail, password: adminPassword)
            }
            kept = (signIn, .now + Self.signInKept)
            return signIn
        }
        return try await signIn.value
    }

    /// The database file of a service, to look at what it stored.
    package func databaseFile(of name: ServiceName) -> String { directory.file("\(name.rawValue).sqlite") }

    /// The file with the key that user tokens are signed with.
    var tokenKeysFile: String { directory.file("token.keys") }

    // MARK: - Preparation

    private static func commonSettings(
        directory: TemporaryDirectory, redis: PrivateRedis, ports: [ServiceName: Int], adminPassword: String
    ) throws -> [String: String] {
        var settings = StackOptions.forTests
        settings["DATA_DIR"] = directory.path
        settings["REDIS_URL"] = redis.url
        settings["HOST"] = "127.0.0.1"
        settings["ADMIN_EMAIL"] = adminEmail
        let secrets = [
            "TOKEN_KEYS": "\(tokenKeyID):\(SecureRandom.hexadecimal(bytes: 32))",
            "INTERNAL_KEYS": "i1:\(SecureRandom.hexadecimal(bytes: 32))", "ADMIN_PASSWORD": adminPassword,
        ]
        for (key, secret) in secrets {
            let file = directory.file(key.lowercased().replacing("_", with: "."))
            try secret.write(toFile: file, atomically: true, encoding: .utf8)
            settings["\(key)_FILE"] = file
        }
        for (name, port) in ports where name != .gateway {
            settings["\(name.rawValue.uppercased())_URL"] = "http://127.0.0.1:\(port)"
        }
        return settings
    }

    private static func logFolder(in directory: TemporaryDirectory) throws -> String {
        guard let kept = ProcessInfo.processInfo.environment["HOLDFAST_TEST_LOGS"] else { return directory.path }
        let folder = "\(kept)/\(UUIDv7.make(at: SystemClock().now()))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// The executable of a service, beside the one that runs the tests.
    private static func executable(_ name: ServiceName) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name.rawValue).path
    }
}

/// The stack could not be brought to where a test wants it.
package struct StackError: Error, CustomStringConvertible {
    package let message: String

    package init(message: String) {
        self.message = message
    }

    package var description: String { message }
}
