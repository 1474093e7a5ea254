package import Contracts

/// Who is asking, as their access token proves.
package struct Identity: Sendable, Hashable {
    package let userID: String
    package let role: UserRole

    package init(userID: String, role: UserRole) {
        self.userID = userID
        self.role = role
    }

    package var isAdmin: Bool { role == .admin }
}
