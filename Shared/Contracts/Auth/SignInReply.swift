/// Tokens and the person they stand for: the reply to register, login, refresh and guest.
package struct SignInReply: Sendable, Hashable, Codable {
    package let accessToken: String
    package let tokenType: String
    /// Lifetime of the access token in seconds.
    package let expiresIn: Int
    /// Good for one refresh; absent where a session cannot be prolonged.
    package let refreshToken: String?
    package let user: UserDocument

    package init(accessToken: String, expiresIn: Int, refreshToken: String?, user: UserDocument) {
        self.accessToken = accessToken
        self.tokenType = "Bearer"
        self.expiresIn = expiresIn
        self.refreshToken = refreshToken
        self.user = user
    }
}
