import Contracts
import Hummingbird
import ServiceKit
import ServiceLifecycle

extension AuthMain: HoldfastService {
    static var name: ServiceName { .auth }
    static var summary: String { "accounts, guests and the tokens that prove them" }

    static func configuration(_ settings: Settings) throws -> AuthConfiguration {
        try AuthConfiguration(settings)
    }

    static func build(_ configuration: AuthConfiguration, _ environment: ServiceEnvironment) async throws
        -> ServiceParts
    {
        let database = try await environment.openDatabase(migrations: AuthMigrations.all)
        let clock = environment.clock
        let users = UserStore(database)
        let sessions = SessionStore(database)
        let hasher = PasswordHasher(cost: configuration.passwordCost)
        let issuer = SessionIssuer(
            sessions: sessions, tokens: environment.userTokens, clock: clock, lifetimes: configuration.lifetimes)
        let throttle = SignInThrottle(policy: configuration.throttle, clock: clock)
        if let admin = configuration.admin {
            try await EnsureAdmin(users: users, hasher: hasher, clock: clock).perform(admin)
        }
        let accounts = AccountController(
            registration: Register(users: users, issuer: issuer, hasher: hasher, throttle: throttle, clock: clock),
            signIn: try await SignIn(
                users: users, issuer: issuer, hasher: hasher, throttle: throttle, clock: clock),
            renewal: RefreshSession(sessions: sessions, issuer: issuer, clock: clock),
            sessions: sessions, users: users, clock: clock, trustedProxies: configuration.trustedProxies)
        let guests = GuestController(
            mint: MintGuests(users: users, issuer: issuer, clock: clock),
            limiter: RateLimiter(limit: configuration.guestMintsPerMinute, window: .seconds(60)),
            clock: clock, trustedProxies: configuration.trustedProxies)
        let router = environment.makeRouter()
        accounts.addRoutes(to: router.group("api/auth"))
        guests.addRoutes(to: router.group("api/auth"))
        DirectoryController(users: users).addRoutes(to: router.internalRoutes())
        let sweeper = SessionSweeper(sessions: sessions, clock: clock, logger: environment.logger)
        return ServiceParts(router: router, services: [sweeper])
    }
}
