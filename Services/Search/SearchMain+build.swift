import ChangeFeed
import Contracts
import DatabaseKit
import ServiceKit

extension SearchMain: HoldfastService {
    static let name = ServiceName.search
    static let summary = "finds events by words, mistakes forgiven (search --rebuild makes its index anew)"

    static func configuration(_ settings: Settings) throws -> SearchConfiguration {
        try SearchConfiguration(settings)
    }

    static func build(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment
    ) async throws -> ServiceParts {
        let engine = try await SearchEngine.open(configuration, environment)
        return build(
            configuration, environment, index: engine, events: HTTPEventsClient(environment.caller(of: .events)),
            stock: HTTPInventoryClient(environment.caller(of: .inventory)))
    }

    /// The service on an index, an events service and an inventory that are there already.
    static func build(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment, index: any SearchIndex,
        events: any EventFeed, stock: any StockReading
    ) -> ServiceParts {
        let (clock, logger) = (environment.clock, environment.logger)
        let board = StockBoard(source: stock, logger: logger)
        let rebuild = RebuildIndex(index: index, feed: events, logger: logger)
        let follower = FollowEvents(
            index: index, feed: events, rebuild: rebuild, clock: clock, logger: logger,
            timing: .init(interval: configuration.followInterval))
        let router = environment.makeRouter()
        SearchController(
            searchEvents: SearchEvents(index: index, board: board, clock: clock),
            suggestTexts: SuggestTexts(index: index, clock: clock)
        ).addRoutes(to: router)
        RebuildController(rebuild: rebuild).addRoutes(to: router)
        let isFollowing = ReadinessCheck("index") {
            guard follower.hasCaughtUp else { throw NotReady(reason: "events have not been indexed yet") }
        }
        return ServiceParts(
            router: router,
            services: [
                rebuild, follower, stream(configuration, environment, follower),
                WatchStock(index: index, board: board, clock: clock, logger: logger),
            ],
            readiness: [isFollowing])
    }

    /// The index takes over the feed as soon as the stream tells of a change; events come in their latest version, so
    /// what the stream tells twice or late asks for nothing that was not asked for already.
    private static func stream(
        _ configuration: SearchConfiguration, _ environment: ServiceEnvironment, _ follower: FollowEvents
    ) -> ChangeFollower {
        return ChangeFollower(
            redis: configuration.redis, eventLoopGroup: environment.eventLoopGroup, group: name.rawValue,
            logger: environment.logger, handle: { _ in try await follower.catchUp() },
            reconcile: { try await follower.catchUp() })
    }

    /// Why the service cannot take requests yet.
    private struct NotReady: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }
}
