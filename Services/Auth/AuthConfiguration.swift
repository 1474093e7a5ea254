import Contracts
import ServiceKit

/// The settings of the auth service.
struct AuthConfiguration: Sendable {
    /// `SCRYPT_LOG2N`: the cost of a password hash; a release has no setting for less than OWASP's equivalents. Debug
    /// builds, whose hashing is many times slower, have `CHEAP_PASSWORDS` for tests.
    var passwordCost: ScryptCost
    /// `ACCESS_TOKEN_SECONDS`, `GUEST_TOKEN_SECONDS`, `REFRESH_TOKEN_SECONDS`.
    let lifetimes: TokenLifetimes
    /// `GUEST_MINTS_PER_MINUTE`: guests a minute from one address.
    let guestMintsPerMinute: Int
    /// `SIGN_IN_ATTEMPTS_PER_MINUTE` and the fixed rules beside it.
    var throttle: ThrottlePolicy
    /// `TRUSTED_PROXIES`: peers whose `X-Forwarded-For` is believed, besides this machine's own.
    let trustedProxies: TrustedProxies
    /// `ADMIN_EMAIL` and `ADMIN_PASSWORD`: the account that runs the installation.
    let admin: AdminAccount?

    init(_ settings: Settings) throws {
        let log2N = try settings.int(
            "SCRYPT_LOG2N", default: 17, in: ScryptCost.log2NRange, help: "memory of a password hash, 2^N × 1 KiB")
        guard let cost = ScryptCost(log2N: log2N) else { throw SettingsError("SCRYPT_LOG2N is out of range") }
        #if DEBUG
            let isCheap = try settings.bool(
                "CHEAP_PASSWORDS", default: false, help: "debug builds only: hashes that cost next to nothing")
            passwordCost = isCheap ? ScryptCost(log2N: 10, blockSize: 8, parallelism: 1) : cost
        #else
            passwordCost = cost
        #endif
        lifetimes = TokenLifetimes(
            access: try settings.seconds(
                "ACCESS_TOKEN_SECONDS", default: 3600, in: 1...86_400, help: "life of a user's access token"),
            guest: try settings.seconds(
                "GUEST_TOKEN_SECONDS", default: 86_400, in: 1...604_800, help: "life of a guest's access token"),
            session: try settings.seconds(
                "REFRESH_TOKEN_SECONDS", default: 2_592_000, in: 60...31_536_000,
                help: "time after which one must sign in again, refreshed or not"))
        guestMintsPerMinute = try settings.int(
            "GUEST_MINTS_PER_MINUTE", default: 120, in: 1...1_000_000, help: "guests a minute from one address")
        throttle = ThrottlePolicy(
            addressAttemptsPerMinute: try settings.int(
                "SIGN_IN_ATTEMPTS_PER_MINUTE", default: 300, in: 1...1_000_000,
                help: "sign-ins and registrations a minute from one address"))
        let proxies = settings.optionalString(
            "TRUSTED_PROXIES",
            help: "addresses and networks of proxies whose X-Forwarded-For counts, separated by commas")
        trustedProxies = try TrustedProxies(parsing: proxies ?? "")
        admin = try Self.admin(settings)
    }

    private static func admin(_ settings: Settings) throws -> AdminAccount? {
        let email = settings.optionalString("ADMIN_EMAIL", help: "email of the admin account, made at start")
        let password = try settings.optionalSecret("ADMIN_PASSWORD", help: "password of the admin account")
        guard let email, let password else {
            guard email == nil, password == nil else {
                throw SettingsError("ADMIN_EMAIL and ADMIN_PASSWORD are given both or not at all")
            }
            return nil
        }
        guard let address = EmailAddress(email) else { throw SettingsError("ADMIN_EMAIL is not an email address") }
        switch Password.checked(password, email: address) {
        case .success(let password): return AdminAccount(email: address, password: password)
        case .failure(let refusal): throw SettingsError("ADMIN_PASSWORD \(refusal.message)")
        }
    }
}

/// How long tokens are good for.
struct TokenLifetimes: Sendable {
    let access: Duration
    let guest: Duration
    /// From signing in to the last refresh.
    let session: Duration
}

/// The account that is made, or brought up to date, at start.
struct AdminAccount: Sendable {
    let email: EmailAddress
    let password: Password
}
