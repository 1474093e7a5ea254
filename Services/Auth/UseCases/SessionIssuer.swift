import Contracts
import ServiceKit

/// Hands out the tokens of a session.
struct SessionIssuer: Sendable {
    private let sessions: SessionStore
    private let tokens: UserTokens
    private let clock: any WallClock
    private let lifetimes: TokenLifetimes

    init(sessions: SessionStore, tokens: UserTokens, clock: any WallClock, lifetimes: TokenLifetimes) {
        self.sessions = sessions
        self.tokens = tokens
        self.clock = clock
        self.lifetimes = lifetimes
    }

    /// Begins a session of `user`, who is stored with it when `isNewGuest`.
    func begin(_ user: User, isNewGuest: Bool = false) async throws -> SignInReply {
        let now = clock.now()
        let sessionID = UUIDv7.make(at: now)
        let refresh = RefreshToken()
        try await sessions.begin(
            sessionID, of: user, isNewGuest: isNewGuest, digest: refresh.digest, at: now,
            until: now + lifetimes.session)
        return reply(user, sessionID, refresh)
    }

    /// The tokens of a session that goes on with `refresh`.
    func reply(_ user: User, _ sessionID: String, _ refresh: RefreshToken) -> SignInReply {
        let lifetime = lifetime(of: user.role)
        return SignInReply(
            accessToken: tokens.mint(userID: user.id, role: user.role, lifetime: lifetime, sessionID: sessionID),
            expiresIn: Int(lifetime.components.seconds), refreshToken: refresh.text, user: user.document)
    }

    /// An access token without a session, which ends by itself.
    func accessToken(of user: User) -> String {
        tokens.mint(userID: user.id, role: user.role, lifetime: lifetime(of: user.role))
    }

    private func lifetime(of role: UserRole) -> Duration {
        role == .guest ? lifetimes.guest : lifetimes.access
    }
}
