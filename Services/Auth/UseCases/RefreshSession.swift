import Contracts
import HTTPTypes
import Logging
import ServiceKit

/// Exchanges a refresh token for a new pair, once.
struct RefreshSession: Sendable {
    let sessions: SessionStore
    let issuer: SessionIssuer
    let clock: any WallClock

    /// - Throws: 401 `invalid-refresh-token`, with the whole session ended when the token had been used before
    func perform(_ request: RefreshRequest, log: Logger) async throws -> SignInReply {
        guard let digest = RefreshToken.digest(of: request.refreshToken) else { throw Self.refusal }
        let successor = RefreshToken()
        switch try await sessions.refresh(digest, successor: successor.digest, at: clock.now()) {
        case .refreshed(let sessionID, let user): return issuer.reply(user, sessionID, successor)
        case .refused: throw Self.refusal
        case .replayed(let sessionID):
            log.warning("a refresh came twice; its session was ended", metadata: ["sessionId": "\(sessionID)"])
            throw Self.refusal
        }
    }

    private static let refusal = Problem(
        .unauthorized, code: "invalid-refresh-token", title: "Invalid refresh token",
        detail: "sign in again")
}
