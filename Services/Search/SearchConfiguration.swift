import ChangeFeed
import RedisKit
import ServiceKit

/// The settings of the search service besides those that every service has.
///
/// - `REDIS_URL` (`redis://127.0.0.1:6379`): where the stream of changes is
/// - `FOLLOW_INTERVAL_SECONDS` (5): pause between looks at the change feed of events without having been told
struct SearchConfiguration: Sendable {
    let redis: RedisConfiguration
    let followInterval: Duration

    init(_ settings: Settings) throws {
        redis = try RedisConfiguration(changes: settings)
        followInterval = try settings.seconds(
            "FOLLOW_INTERVAL_SECONDS", default: 5, in: 0.01...60,
            help: "pause between looks at the change feed of events without having been told")
    }
}
