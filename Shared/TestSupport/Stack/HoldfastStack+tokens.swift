package import Checker
import Contracts
import Foundation
import ServiceKit

/// Tokens that auth did not give out.
extension HoldfastStack {
    /// A token signed with this stack's own key that ended an hour ago.
    package func expiredToken() throws -> String {
        let text = try String(contentsOfFile: tokenKeysFile, encoding: .utf8)
        let past = ManualClock(SystemClock().now() - .seconds(7200))
        return UserTokens(keys: try KeyRing(parsing: text, setting: "TOKEN_KEYS"), clock: past)
            .mint(userID: UUIDv7.make(at: past.now()), role: .admin, lifetime: .seconds(3600))
    }

    /// A client of a new person with an account, for tests of many people: signing in is made to be slow.
    package func person() throws -> APIClient {
        let text = try String(contentsOfFile: tokenKeysFile, encoding: .utf8)
        let clock = SystemClock()
        let token = UserTokens(keys: try KeyRing(parsing: text, setting: "TOKEN_KEYS"), clock: clock)
            .mint(userID: UUIDv7.make(at: clock.now()), role: .user, lifetime: .seconds(3600))
        return client().with(accessToken: token)
    }

    /// An administrator's token under the right key id, signed with another key.
    package func forgedToken() -> String {
        let clock = SystemClock()
        return UserTokens(keys: .random(id: Self.tokenKeyID), clock: clock)
            .mint(userID: UUIDv7.make(at: clock.now()), role: .admin, lifetime: .seconds(3600))
    }
}
