import ServiceKit

/// The settings of the search service besides those that every service has.
///
/// - `FOLLOW_INTERVAL_SECONDS` (0.25): pause between looks at the change feed of events
struct SearchConfiguration: Sendable {
    let followInterval: Duration

    init(_ settings: Settings) throws {
        followInterval = try settings.seconds(
            "FOLLOW_INTERVAL_SECONDS", default: 0.25, in: 0.01...60,
            help: "pause between looks at the change feed of events")
    }
}
