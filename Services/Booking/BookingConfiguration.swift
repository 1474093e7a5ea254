import ChangeFeed
import RedisKit
import ServiceKit

/// What booking can be told.
///
/// `SAGA_LEASE_SECONDS`, `PAYMENT_DEADLINE_SECONDS`, `RECOVERY_SECONDS`, `RECOVERY_BATCH_MAX`,
/// `RECOVERY_CONCURRENCY_MAX`, `TICKET_KEYS` and `REDIS_URL`; what each means is said by `booking --help`, which is made
/// from the same lines.
struct BookingConfiguration: Sendable {
    let timing: RecoveryTiming
    let recoveryInterval: Duration
    let recoveryBatchMax: Int
    let recoveryConcurrencyMax: Int
    /// What signs tickets' codes; nil for keys made from those of tokens.
    let ticketKeys: KeyRing?
    /// Where the stream of changes of events is.
    let redis: RedisConfiguration

    init(_ settings: Settings) throws {
        timing = RecoveryTiming(
            lease: try settings.seconds(
                "SAGA_LEASE_SECONDS", default: 10, in: 1...300,
                help: "how long a booking waits for its worker before another takes it up"),
            paymentDeadline: try settings.seconds(
                "PAYMENT_DEADLINE_SECONDS", default: 120, in: 1...3600,
                help: "how long a charge may have no outcome before it is given up"))
        recoveryInterval = try settings.seconds(
            "RECOVERY_SECONDS", default: 1, in: 0.05...60, help: "how often unfinished bookings are looked for")
        recoveryBatchMax = try settings.int(
            "RECOVERY_BATCH_MAX", default: 64, in: 1...1000, help: "unfinished bookings taken up at a time")
        recoveryConcurrencyMax = try settings.int(
            "RECOVERY_CONCURRENCY_MAX", default: 16, in: 1...256, help: "unfinished bookings worked on at once")
        let keys = try settings.optionalSecret(
            "TICKET_KEYS",
            help: "keys that sign tickets' codes, id:64 hex digits, the first signs; without it made from TOKEN_KEYS")
        ticketKeys = try keys.map { try KeyRing(parsing: $0, setting: "TICKET_KEYS") }
        redis = try RedisConfiguration(changes: settings)
    }
}
