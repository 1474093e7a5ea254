package import Contracts

/// Who is asking, as their access token proves.
package struct Identity: Sendable, Hashable {
    package let userID: String
    package let role: UserRole

    /// The sign-in that the token came from, which signing out ends; nil for tokens that cannot be prolonged.
    package let sessionID: String?

    package init(userID: String, role: UserRole, sessionID: String? = nil) {
        self.userID = userID
        self.role = role
        self.sessionID = sessionID
    }

    package var isAdmin: Bool { role == .admin }
}
