import Contracts
import HTTPTypes
import ServiceKit

/// Checks an email and a password, giving a stranger no way to tell which of them was wrong.
struct SignIn: Sendable {
    private let users: UserStore
    private let issuer: SessionIssuer
    private let hasher: PasswordHasher
    private let throttle: SignInThrottle
    private let clock: any WallClock
    /// Checked when there is no account, so that this takes as long as when there is one.
    private let decoy: PasswordHash

    init(
        users: UserStore, issuer: SessionIssuer, hasher: PasswordHasher, throttle: SignInThrottle,
        clock: any WallClock
    ) async throws {
        self.users = users
        self.issuer = issuer
        self.hasher = hasher
        self.throttle = throttle
        self.clock = clock
        decoy = PasswordHash(
            cost: hasher.cost, salt: SecureRandom.bytes(PasswordHash.saltBytes),
            hash: SecureRandom.bytes(PasswordHash.hashBytes))
    }

    /// What all texts that are no address count as: there is nothing behind them to guess.
    private static let noAccount = ""

    /// - Throws: 401 `invalid-credentials`, 429 `too-many-attempts`
    func perform(_ request: LoginRequest, from address: ClientAddress) async throws -> SignInReply {
        let email = EmailAddress(request.email)
        let attempt = try throttle.begin(email?.folded ?? Self.noAccount, from: address)
        let user: User?
        do {
            user = try await check(request, email)
        } catch {
            throttle.abandon(attempt)
            throw error
        }
        guard let user else {
            throttle.fail(attempt)
            throw Problem(
                .unauthorized, code: "invalid-credentials", title: "Invalid credentials",
                detail: "the email address or the password is wrong")
        }
        throttle.succeed(attempt)
        return try await issuer.begin(user)
    }

    private func check(_ request: LoginRequest, _ email: EmailAddress?) async throws -> User? {
        let known: UserStore.Credentials?
        if let email {
            known = try await users.credentials(email: email)
        } else {
            known = nil
        }
        let stored = known.flatMap { PasswordHash(parsing: $0.passwordHash) } ?? decoy
        let password = Password(claimed: request.password)
        let isRight = try await hasher.verify(password, stored)
        guard isRight, let known else { return nil }
        if stored.cost != hasher.cost { await rehash(password, known) }
        return known.user
    }

    /// Brings an old hash to today's cost; when there is no room for that now, the next sign-in does it.
    private func rehash(_ password: Password, _ known: UserStore.Credentials) async {
        guard let hash = try? await hasher.hash(password) else { return }
        try? await users.replaceHash(of: known.user.id, known.passwordHash, with: hash.description)
    }
}
