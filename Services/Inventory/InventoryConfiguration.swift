import LockKit
import RedisKit
import ServiceKit

/// What inventory can be told.
///
/// `REDIS_URL`, `HOLD_SECONDS`, `TICKET_HOLD_SECONDS`, `HEARTBEAT_SECONDS`, `INACTIVITY_SECONDS`,
/// `HIDDEN_GRACE_SECONDS`, `HARD_CAP_SECONDS`, `PIN_SECONDS`, `PAYMENT_ATTEMPTS_MAX`, `SWEEP_SECONDS`,
/// `PLACES_PER_USER_MAX`, `LOCK_REDIS_URL`, `LOCK_LEASE_SECONDS`, `STREAMS_MAX`, `STREAM_PAUSE_SECONDS` and
/// `STREAM_COMMENT_SECONDS`; what each means is said by `inventory --help`, which is made from the same lines.
struct InventoryConfiguration: Sendable {
    let redis: RedisConfiguration
    let timing: HoldTiming
    let sweepInterval: Duration
    let placesPerUserMax: Int
    /// Where the seat locks are, when not in `redis`.
    let lockRedis: RedisTopology?
    let lockLease: Duration
    let usesSeatLocks: Bool
    let streamsMax: Int
    let streamTiming: FollowAvailability.Timing

    init(_ settings: Settings) throws {
        redis = try RedisConfiguration(
            url: try settings.secret(
                "REDIS_URL", default: "redis://127.0.0.1:6379", help: "where the seat locks live"))
        timing = try Self.timing(settings)
        sweepInterval = try settings.seconds(
            "SWEEP_SECONDS", default: 1, in: 0.05...60, help: "how often ended holds are swept up")
        placesPerUserMax = try settings.int(
            "PLACES_PER_USER_MAX", default: 100, in: 1...100_000, help: "places of one event a buyer may hold at once")
        lockRedis = try settings.optionalSecret(
            "LOCK_REDIS_URL",
            help: "where the seat locks live, if elsewhere: also redis-sentinel://host,…/master, "
                + "redis-cluster://host,… or redis-quorum://host,…"
        ).map(RedisTopology.init(url:))
        lockLease = try settings.seconds(
            "LOCK_LEASE_SECONDS", default: 30, in: 1...300, help: "how long a seat lock lasts when its holder dies")
        streamsMax = try settings.int(
            "STREAMS_MAX", default: 10_000, in: 1...15_000, help: "streams of availability at a time")
        var streamTiming = FollowAvailability.Timing()
        streamTiming.pause = try settings.seconds(
            "STREAM_PAUSE_SECONDS", default: 0.25, in: 0.01...60, help: "shortest time between a stream's messages")
        streamTiming.comment = try settings.seconds(
            "STREAM_COMMENT_SECONDS", default: 15, in: 0.05...3600, help: "how often a stream gets a comment")
        self.streamTiming = streamTiming
        #if DEBUG
            usesSeatLocks = try settings.bool(
                "SEAT_LOCKS", default: true, help: "debug builds only: off leaves everything to the database")
        #else
            usesSeatLocks = true
        #endif
    }

    private static func timing(_ settings: Settings) throws -> HoldTiming {
        let day = 1.0...86_400
        return HoldTiming(
            hold: try settings.seconds("HOLD_SECONDS", default: 600, in: day, help: "time to finish a checkout"),
            ticketHold: try settings.seconds(
                "TICKET_HOLD_SECONDS", default: 900, in: day, help: "time that /api/tickets/reserve gives"),
            heartbeat: try settings.seconds(
                "HEARTBEAT_SECONDS", default: 30, in: 1...3600, help: "how often a checkout page is asked for a sign"),
            inactivity: try settings.seconds(
                "INACTIVITY_SECONDS", default: 180, in: day, help: "a checkout silent for this long loses its hold"),
            hiddenGrace: try settings.seconds(
                "HIDDEN_GRACE_SECONDS", default: 60, in: 0...86_400, help: "more silence for a page that is hidden"),
            hardCap: try settings.seconds(
                "HARD_CAP_SECONDS", default: 900, in: day, help: "the age that no heartbeat lets a hold pass"),
            pin: try settings.seconds(
                "PIN_SECONDS", default: 180, in: 1...3600, help: "how long a running payment keeps a hold alive"),
            paymentAttemptsMax: try settings.int(
                "PAYMENT_ATTEMPTS_MAX", default: 5, in: 1...100, help: "how many payments may be tried on one hold"))
    }
}
