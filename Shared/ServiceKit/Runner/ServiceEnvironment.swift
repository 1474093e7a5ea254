package import Contracts
package import DatabaseKit
import Foundation
package import HTTPKit
package import Hummingbird
package import Logging
package import NIOCore
import Synchronization

/// What every service stands on: made once a process by ``ServiceRunner``, or by a test.
package struct ServiceEnvironment: Sendable {
    package let name: ServiceName
    package let common: CommonSettings
    package let logger: Logger
    package let eventLoopGroup: any EventLoopGroup
    package let httpClient: HTTPClient
    package let clock: any WallClock
    package let userTokens: UserTokens
    package let internalTokens: InternalTokens
    package let fingerprinter: RequestFingerprinter
    package let metrics: PrometheusRegistry
    package let deadlineWatch: DeadlineWatch
    /// Where the replicas of the services are.
    package let directories: [ServiceName: ReplicaDirectory]
    /// Watches the replicas of those services that are called.
    package let replicaMonitor: ReplicaMonitor
    let resources = Resources()

    package init(
        name: ServiceName, common: CommonSettings, logger: Logger, eventLoopGroup: any EventLoopGroup,
        httpClient: HTTPClient, clock: any WallClock, metrics: PrometheusRegistry
    ) {
        self.name = name
        self.common = common
        self.logger = logger
        self.eventLoopGroup = eventLoopGroup
        self.httpClient = httpClient
        self.clock = clock
        self.metrics = metrics
        userTokens = UserTokens(keys: common.tokenKeys, clock: clock)
        internalTokens = InternalTokens(keys: common.internalKeys, service: name, clock: clock)
        fingerprinter = RequestFingerprinter(keys: common.tokenKeys)
        deadlineWatch = DeadlineWatch(eventLoop: eventLoopGroup.next())
        directories = Dictionary(
            uniqueKeysWithValues: common.endpoints.map { ($0, ReplicaDirectory($0.rawValue, at: $1)) })
        replicaMonitor = ReplicaMonitor(
            probe: HTTPReplicaProbe(client: httpClient), probeInterval: common.probeInterval,
            resolveInterval: common.resolveInterval, logger: logger, onRound: ReplicaGauges(metrics).record)
    }

    /// Time between being told to stop and stopping, in which the service says that it is not ready.
    package var drainGracePeriod: Duration { common.drainGrace }

    /// Where the replicas of a service are, from now on watched.
    package func directory(of service: ServiceName) -> ReplicaDirectory {
        let directory =
            directories[service]
            ?? ReplicaDirectory(service.rawValue, at: [Endpoint(host: "127.0.0.1", port: service.defaultPort)])
        replicaMonitor.watch(directory)
        return directory
    }

    /// What a typed client of `service` calls it with.
    package func caller(of service: ServiceName) -> ServiceCaller {
        ServiceCaller(
            service: service, replicas: directory(of: service), http: httpClient, credentials: internalTokens)
    }

    /// An empty router for the service's routes; answers HEAD wherever it answers GET.
    package func makeRouter() -> Router<ServiceContext> {
        Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
    }

    /// Opens the service's database and brings its schema up to date.
    ///
    /// It becomes part of readiness and is closed when the process ends.
    package func openDatabase(migrations: [Migration]) async throws -> any Database {
        let database = try await connect()
        resources.add(
            ReadinessCheck("database") { try await database.ping() }, close: { await database.close() })
        try await database.migrate(migrations)
        return database
    }

    /// Closes what was opened; the runner does so at the end, tests do it themselves.
    package func close() async { await resources.closeAll() }

    private func connect() async throws -> any Database {
        var logger = logger
        logger[metadataKey: "database"] = .string(name.rawValue)
        if let url = common.databaseURL, PostgresDatabase.accepts(url) {
            do {
                try PostgresDatabase.check(url)
            } catch {
                throw SettingsError("DATABASE_URL: \(error.message)")
            }
            var configuration = PostgresConfiguration(name: name.rawValue, logger: logger)
            configuration.startPatience = common.databaseWait
            return try await PostgresDatabase.open(url, configuration: configuration)
        }
        let configuration = SQLiteConfiguration(name: name.rawValue, logger: logger)
        return try SQLiteDatabase(path: try databasePath(), configuration: configuration)
    }

    private func databasePath() throws -> String {
        if let url = common.databaseURL {
            guard url.hasPrefix("sqlite:") else {
                throw SettingsError("DATABASE_URL must be written sqlite:PATH or \(PostgresDatabase.urlForm)")
            }
            return String(url.dropFirst("sqlite:".count))
        }
        try FileManager.default.createDirectory(
            atPath: common.dataDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return "\(common.dataDirectory)/\(name.rawValue).sqlite"
    }
}

/// What was opened on the way and must be watched and closed.
final class Resources: Sendable {
    private struct Contents {
        var readiness: [ReadinessCheck] = []
        var closers: [@Sendable () async -> Void] = []
    }

    private let contents = Mutex(Contents())

    var readiness: [ReadinessCheck] { contents.withLock { $0.readiness } }

    func add(_ check: ReadinessCheck, close: @escaping @Sendable () async -> Void) {
        contents.withLock { contents in
            contents.readiness.append(check)
            contents.closers.append(close)
        }
    }

    /// Closes everything, the last opened first; a second call finds nothing to do.
    func closeAll() async {
        let closers = contents.withLock { contents in
            let closers = contents.closers
            contents.closers = []
            return closers
        }
        for close in closers.reversed() { await close() }
    }
}
