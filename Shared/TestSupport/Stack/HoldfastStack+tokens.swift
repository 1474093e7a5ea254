import Contracts
import Foundation
import ServiceKit

/// Tokens that no service should accept.
extension HoldfastStack {
    /// A token signed with this stack's own key that ended an hour ago.
    package func expiredToken() throws -> String {
        let text = try String(contentsOfFile: tokenKeysFile, encoding: .utf8)
        let past = ManualClock(SystemClock().now() - .seconds(7200))
        return UserTokens(keys: try KeyRing(parsing: text, setting: "TOKEN_KEYS"), clock: past)
            .mint(userID: UUIDv7.make(at: past.now()), role: .admin, lifetime: .seconds(3600))
    }

    /// An administrator's token under the right key id, signed with another key.
    package func forgedToken() -> String {
        let clock = SystemClock()
        return UserTokens(keys: .random(id: Self.tokenKeyID), clock: clock)
            .mint(userID: UUIDv7.make(at: clock.now()), role: .admin, lifetime: .seconds(3600))
    }
}
