import ChangeFeed
import Contracts
import DatabaseKit
import Hummingbird
import ServiceKit

extension BookingMain: HoldfastService {
    static let name = ServiceName.booking
    static let summary = "Purchases, from a hold to paid tickets, and back."

    static func configuration(_ settings: Settings) throws -> BookingConfiguration {
        try BookingConfiguration(settings)
    }

    static func build(
        _ configuration: BookingConfiguration, _ environment: ServiceEnvironment
    ) async throws -> ServiceParts {
        let database = try await environment.openDatabase(migrations: BookingMigrations.all)
        let parts = BookingParts(configuration, environment, database, BookingNeighbours(environment))
        var built = parts.build()
        built.services.append(stream(configuration, environment, parts.follow))
        return built
    }

    /// Copies of events are brought up to date as soon as the stream tells of a change.
    private static func stream(
        _ configuration: BookingConfiguration, _ environment: ServiceEnvironment, _ follow: FollowEvents
    ) -> ChangeFollower {
        ChangeFollower(
            redis: configuration.redis, eventLoopGroup: environment.eventLoopGroup, group: name.rawValue,
            logger: environment.logger, handle: { _ in try await follow.catchUp() },
            reconcile: { try await follow.catchUp() })
    }
}
