import ChangeFeed
import RedisKit
import ServiceKit

/// The settings of the events service besides those that every service has.
///
/// - `PUSH_INTERVAL_SECONDS` (1): pause between looks for changes that inventory does not have yet
/// - `PUSH_TAKEOVER_SECONDS` (30): age at which the background takes over a creation whose request did not end; longer
///   than any request may take
/// - `ENDED_SWEEP_SECONDS` (1): pause between looks for events that are over
/// - `REDIS_URL` (`redis://127.0.0.1:6379`): where the stream of changes is
/// - `RELAY_INTERVAL_SECONDS` (0.1): pause between looks for changes that the stream was not told of
struct EventsConfiguration: Sendable {
    let pushInterval: Duration
    let pushTakeover: Duration
    let endedSweep: Duration
    let redis: RedisConfiguration
    let relayInterval: Duration

    init(_ settings: Settings) throws {
        pushInterval = try settings.seconds(
            "PUSH_INTERVAL_SECONDS", default: 1, in: 0.01...60,
            help: "pause between looks for changes that inventory does not have yet")
        pushTakeover = try settings.seconds(
            "PUSH_TAKEOVER_SECONDS", default: 30, in: 0.1...3600,
            help: "age at which an event's creation or change that did not end is finished in the background")
        endedSweep = try settings.seconds(
            "ENDED_SWEEP_SECONDS", default: 1, in: 0.01...60, help: "pause between looks for events that are over")
        redis = try RedisConfiguration(changes: settings)
        relayInterval = try settings.seconds(
            "RELAY_INTERVAL_SECONDS", default: 0.1, in: 0.01...60,
            help: "pause between looks for changes that the stream was not told of")
    }
}
