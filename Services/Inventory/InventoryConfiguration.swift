import LockKit
import RedisKit
import ServiceKit

/// What inventory can be told.
///
/// `REDIS_URL`, `HOLD_SECONDS`, `PIN_SECONDS`, `PAYMENT_ATTEMPTS_MAX`, `SWEEP_SECONDS`, `PLACES_PER_USER_MAX` and
/// `LOCK_LEASE_SECONDS`; what each means is said by `inventory --help`, which is made from the same lines.
struct InventoryConfiguration: Sendable {
    let redis: RedisConfiguration
    let timing: HoldTiming
    let sweepInterval: Duration
    let placesPerUserMax: Int
    let lockLease: Duration
    let usesSeatLocks: Bool

    init(_ settings: Settings) throws {
        redis = try RedisConfiguration(
            url: try settings.secret(
                "REDIS_URL", default: "redis://127.0.0.1:6379", help: "where the seat locks live"))
        timing = HoldTiming(
            hold: try settings.seconds("HOLD_SECONDS", default: 600, in: 1...86_400, help: "time to finish a checkout"),
            pin: try settings.seconds(
                "PIN_SECONDS", default: 180, in: 1...3600, help: "how long a running payment keeps a hold alive"),
            paymentAttemptsMax: try settings.int(
                "PAYMENT_ATTEMPTS_MAX", default: 5, in: 1...100, help: "how many payments may be tried on one hold"))
        sweepInterval = try settings.seconds(
            "SWEEP_SECONDS", default: 1, in: 0.05...60, help: "how often ended holds are swept up")
        placesPerUserMax = try settings.int(
            "PLACES_PER_USER_MAX", default: 100, in: 1...100_000, help: "places of one event a buyer may hold at once")
        lockLease = try settings.seconds(
            "LOCK_LEASE_SECONDS", default: 30, in: 1...300, help: "how long a seat lock lasts when its holder dies")
        #if DEBUG
            usesSeatLocks = try settings.bool(
                "SEAT_LOCKS", default: true, help: "debug builds only: off leaves everything to the database")
        #else
            usesSeatLocks = true
        #endif
    }
}
