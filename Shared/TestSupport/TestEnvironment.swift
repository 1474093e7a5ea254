package import Contracts
import HTTPKit
import Logging
import NIOPosix
package import ServiceKit

/// What a service stands on in a test: a clock moved by hand, a folder of its own, random keys, no network needed.
package final class TestEnvironment: Sendable {
    package let clock: ManualClock
    package let directory: TemporaryDirectory
    package let environment: ServiceEnvironment
    private let values: [String: String]

    /// An environment whose database is of the kind whose turn it is in a suite marked `.onBothDatabases`.
    package static func make(
        _ service: ServiceName, settings: [String: String] = [:], clock: ManualClock = ManualClock()
    ) async throws -> TestEnvironment {
        let directory = try TemporaryDirectory(service.rawValue)
        let url = try await TestDatabase.makeURL(in: directory, name: service.rawValue)
        return try TestEnvironment(
            service, settings: ["DATABASE_URL": url].merging(settings) { $1 }, clock: clock, directory: directory)
    }

    /// - Parameter settings: settings by key, over the ones a test has anyway
    package init(
        _ service: ServiceName, settings: [String: String] = [:], clock: ManualClock = ManualClock(),
        directory given: TemporaryDirectory? = nil
    ) throws {
        self.clock = clock
        directory = try given ?? TemporaryDirectory(service.rawValue)
        var values = [
            "PORT": "0", "DATA_DIR": directory.path,
            "TOKEN_KEYS": "t1:\(SecureRandom.hexadecimal(bytes: 32))",
            "INTERNAL_KEYS": "i1:\(SecureRandom.hexadecimal(bytes: 32))",
        ]
        values.merge(settings) { _, given in given }
        self.values = values
        let group = MultiThreadedEventLoopGroup.singleton
        var logger = Logger(label: service.rawValue)
        logger.logLevel = .critical
        environment = ServiceEnvironment(
            name: service, common: try CommonSettings(Settings(values), service: service), logger: logger,
            eventLoopGroup: group, httpClient: HTTPClient(eventLoopGroup: group, logger: logger), clock: clock,
            metrics: PrometheusRegistry())
    }

    /// The settings, for a service to read its own from.
    package var settings: Settings { Settings(values) }

    /// Where the service's database is, for another environment that takes it up.
    package var databaseURL: String {
        values["DATABASE_URL"] ?? "sqlite:" + directory.file(environment.name.rawValue + ".sqlite")
    }

    /// The value of `Authorization` for a person.
    package func bearer(_ userID: String, _ role: UserRole = .user, lifetime: Duration = .seconds(3600)) -> String {
        "Bearer \(environment.userTokens.mint(userID: userID, role: role, lifetime: lifetime))"
    }

    /// The value of `Authorization` for a call from `caller` to this service.
    package func internalBearer(from caller: ServiceName) -> String {
        let tokens = InternalTokens(keys: environment.common.internalKeys, service: caller, clock: clock)
        return "Bearer \(tokens.bearerToken(for: environment.name))"
    }

    /// Closes what the service opened; call it at the end of the test.
    package func close() async { await environment.close() }
}
