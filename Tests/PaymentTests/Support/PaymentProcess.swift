import Contracts
import DatabaseKit
import Foundation
import HTTPKit
import Logging
import NIOCore
import NIOPosix
import TestSupport

/// The payment service as a process of its own, which tests kill and start again.
final class PaymentProcess: Sendable {
    let directory: TemporaryDirectory
    let databaseURL: String
    /// Where it listens.
    let endpoint: Endpoint
    private let settings: [String: String]
    private let tokens: TestEnvironment
    private let http: HTTPClient

    /// - Parameter settings: over the ones that a test has anyway
    init(_ settings: [String: String] = [:]) async throws {
        directory = try TemporaryDirectory("payment-process")
        databaseURL = try await TestDatabase.makeURL(in: directory, name: "payment")
        endpoint = Endpoint(host: "127.0.0.1", port: try FreePort.find())
        var values = [
            "HOST": "127.0.0.1", "PORT": String(endpoint.port), "DATABASE_URL": databaseURL,
            "DATA_DIR": directory.path, "TOKEN_KEYS": "t1:\(SecureRandom.hexadecimal(bytes: 32))",
            "INTERNAL_KEYS": "i1:\(SecureRandom.hexadecimal(bytes: 32))", "PROVIDER_SECONDS": "0.5",
            "SHUTDOWN_SECONDS": "1", "LOG_LEVEL": "debug",
        ]
        values.merge(settings) { $1 }
        self.settings = values
        tokens = try TestEnvironment(
            .payment, settings: values, clock: ManualClock(SystemClock().now()), directory: directory)
        http = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "payment-process"))
    }

    /// Lets go of what talked to it; call it at the end of the test.
    func close() async { await http.shutdown() }

    var logFile: String { directory.file("payment.log") }

    /// Starts it, with `faults` as `FaultPoint` reads them, and waits until it is ready.
    func start(faults: String? = nil) async throws -> ChildProcess {
        var environment = settings
        environment["FAULT_POINTS"] = faults
        let process = try await ChildProcess.launch(
            HoldfastStack.executable(.payment), environment: environment, logFile: logFile)
        try await eventually(within: .seconds(30), "payment is ready") {
            guard process.isRunning else {
                throw StackError(message: (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "no log")
            }
            return (try? await send("GET", "/health/ready", nil))?.status == 200
        }
        return process
    }

    /// What booking asks.
    func internally(_ method: String, _ path: String, _ body: (some Encodable)? = String?.none) async throws
        -> ClientResponse
    {
        try await send(
            method, "/internal/charges" + path, try body.map { try WireJSON.encode($0) },
            authorization: tokens.internalBearer(from: .booking))
    }

    /// What a person asks.
    func ask(
        _ method: String, _ path: String, _ body: (some Encodable)? = String?.none, as user: String = "user-1",
        key: String? = nil
    ) async throws -> ClientResponse {
        try await send(
            method, "/api/payments" + path, try body.map { try WireJSON.encode($0) },
            authorization: tokens.bearer(user, user == "root" ? .admin : .user), key: key)
    }

    private func send(
        _ method: String, _ target: String, _ body: ByteBuffer?, authorization: String? = nil, key: String? = nil
    ) async throws -> ClientResponse {
        var headers = HeaderFields()
        if let authorization { headers.add("Authorization", authorization) }
        if let key { headers.add("Idempotency-Key", key) }
        if body != nil { headers.add("Content-Type", "application/json") }
        return try await http.send(
            ClientRequest(method: method, target: target, headers: headers, body: body), to: endpoint,
            deadline: .after(.seconds(10)))
    }

    /// Reads the database of the process, which must have ended.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        let database = try await TestDatabase.open(databaseURL)
        do {
            let value = try await database.read(body)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }
}
