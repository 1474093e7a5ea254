import Contracts
import HTTPKit
import Logging
import NIOCore
import NIOPosix
import ServiceKit
import TestSupport

/// One service as a process, with a Redis of its own; this process stands in for the other services.
final class LoneService: Sendable {
    private let name: ServiceName
    private let process: HelperProcess
    private let redis: PrivateRedis
    private let http: HTTPClient
    private let userTokens: UserTokens
    private let internalTokens: InternalTokens

    private static let deadline = Duration.seconds(30)
    private static let tokenLife = Duration.seconds(3600)

    private init(
        _ name: ServiceName, _ process: HelperProcess, _ redis: PrivateRedis, userKeys: KeyRing, internalKeys: KeyRing
    ) {
        self.name = name
        self.process = process
        self.redis = redis
        userTokens = UserTokens(keys: userKeys, clock: SystemClock())
        internalTokens = InternalTokens(keys: internalKeys, service: name, clock: SystemClock())
        var logger = Logger(label: "bench")
        logger.logLevel = .warning
        var limits = HTTPClient.Limits()
        limits.connectionsPerEndpointMax = LoadGenerator.connections
        http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, limits: limits, logger: logger)
    }

    /// Starts the service; whatever it asks of other services comes to `port` of this machine.
    ///
    /// - Parameter database: the address of an empty database; a file when nil
    static func start(_ name: ServiceName, others port: Int, database: String? = nil) async throws -> LoneService {
        let keys = (user: "t1:\(SecureRandom.hexadecimal(bytes: 32))", own: "i1:\(SecureRandom.hexadecimal(bytes: 32))")
        let redis = try await PrivateRedis.start()
        var environment = [
            "HOST": "127.0.0.1", "LOG_LEVEL": "warning", "REDIS_URL": redis.url, "TOKEN_KEYS": keys.user,
            "INTERNAL_KEYS": keys.own,
        ]
        environment["DATABASE_URL"] = database
        for other in ServiceName.allCases where other != .gateway {
            environment["\(other.rawValue.uppercased())_URL"] = "http://127.0.0.1:\(port)"
        }
        let process = try await HelperProcess.start(try OwnExecutable.path(name.rawValue), environment: environment) {
            port, directory in ["--port", "\(port)", "--data-dir", directory.path]
        }
        return LoneService(
            name, process, redis, userKeys: try KeyRing(parsing: keys.user, setting: "TOKEN_KEYS"),
            internalKeys: try KeyRing(parsing: keys.own, setting: "INTERNAL_KEYS"))
    }

    /// Whether it says that it can take requests; anything else is waited out.
    func isReady() async -> Bool { (try? await exchange("GET", "/health/ready", nil, [:]))?.status == 200 }

    /// A value of the service.
    ///
    /// - Parameters:
    ///   - body: sent as JSON when it is there
    ///   - internally: as a service asks it rather than a person
    func send<Value: Decodable>(
        _ method: String, _ target: String, json body: (some Encodable)?, internally: Bool = false
    ) async throws -> Value {
        let token =
            internally
            ? internalTokens.bearerToken(for: name)
            : userTokens.mint(userID: UUIDv7.make(at: SystemClock().now()), role: .user, lifetime: Self.tokenLife)
        var headers: HeaderFields = ["Authorization": "Bearer \(token)"]
        if body != nil { headers.add("Content-Type", "application/json") }
        let reply = try await exchange(method, target, try body.map { try WireJSON.encode($0) }, headers)
        guard (200..<300).contains(reply.status) else {
            throw UnexpectedReply(status: reply.status, text: String(buffer: reply.body))
        }
        return try WireJSON.decode(Value.self, from: reply.body)
    }

    /// Asks for one target after the other, one at a time.
    func load(_ targets: [String], _ options: RunOptions) async throws -> Sample {
        let rotation = Rotation(targets)
        return try await TaskLoad.measure(tasks: 1, options) { [self] _ in
            let reply = try await exchange("GET", rotation.next(), nil, [:])
            guard reply.status == 200 else {
                throw UnexpectedReply(status: reply.status, text: String(buffer: reply.body))
            }
        }
    }

    /// Asks for the same over many connections at once.
    func loadAtOnce(_ targets: [String], _ options: RunOptions) async throws -> Sample {
        let requests = Rotation(targets.map { RequestBytes.get($0, of: process.endpoint) })
        return try await LoadGenerator.shared.measure(
            process.endpoint, options, ProcessMeter([name.rawValue: process.identifier])
        ) { _ in RotatingRequests(requests) }
    }

    /// Ends the service and what belongs to it.
    func stop() async {
        process.stop()
        redis.stop()
        await http.shutdown()
    }

    private func exchange(
        _ method: String, _ target: String, _ body: ByteBuffer?, _ headers: HeaderFields
    ) async throws -> ClientResponse {
        try await http.send(
            ClientRequest(method: method, target: target, headers: headers, body: body), to: process.endpoint,
            deadline: .after(Self.deadline))
    }
}
