/// A person as `GET /api/auth/me` and the sign-in replies show one.
package struct UserDocument: Sendable, Hashable, Codable {
    package let id: String
    /// Absent for guests.
    package let email: String?
    package let name: String?
    package let role: UserRole
    package let createdAt: Timestamp?

    package init(id: String, email: String?, name: String?, role: UserRole, createdAt: Timestamp? = nil) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.createdAt = createdAt
    }
}
