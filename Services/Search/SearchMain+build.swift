import ChangeFeed
import Contracts
import DatabaseKit
import ServiceKit

extension SearchMain: HoldfastService {
    static let name = ServiceName.search
    static let summary = "finds events by words, with typing mistakes forgiven, filters and facets"

    static func configuration(_ settings: Settings) throws -> SearchConfiguration {
        try SearchConfiguration(settings)
    }

    static func build(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment
    ) async throws -> ServiceParts {
        let database = try await environment.openDatabase(migrations: SearchMigrations.all)
        return build(
            configuration, environment, index: FTS5SearchIndex(database: database),
            events: HTTPEventsClient(environment.caller(of: .events)))
    }

    /// The service on an index and an events service that are there already.
    static func build(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment, index: any SearchIndex,
        events: any EventFeed
    ) -> ServiceParts {
        let (clock, logger) = (environment.clock, environment.logger)
        let router = environment.makeRouter()
        SearchController(
            searchEvents: SearchEvents(index: index, events: events, clock: clock, logger: logger),
            suggestTexts: SuggestTexts(index: index, clock: clock)
        ).addRoutes(to: router)

        let follower = FollowEvents(
            index: index, feed: events, logger: logger, timing: .init(interval: configuration.followInterval))
        let isFollowing = ReadinessCheck("index") {
            guard follower.hasCaughtUp else { throw NotReady(reason: "events have not been indexed yet") }
        }
        return ServiceParts(
            router: router, services: [follower, stream(configuration, environment, follower)],
            readiness: [isFollowing])
    }

    /// The index takes over the feed as soon as the stream tells of a change; events come in their latest version, so
    /// what the stream tells twice or late asks for nothing that was not asked for already.
    private static func stream(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment, _ follower: FollowEvents
    ) -> ChangeFollower {
        let catchUp: @Sendable () async throws -> Void = { while try await follower.pass() {} }
        return ChangeFollower(
            redis: configuration.redis, eventLoopGroup: environment.eventLoopGroup, group: name.rawValue,
            logger: environment.logger, handle: { _ in try await catchUp() }, reconcile: catchUp)
    }

    /// Why the service cannot take requests yet.
    private struct NotReady: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }
}
