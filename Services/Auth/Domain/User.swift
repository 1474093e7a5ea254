import Contracts

/// Someone who signs in, or a guest who did not need to.
struct User: Sendable, Hashable {
    let id: String
    let email: String?
    let name: String?
    let role: UserRole
    let createdAt: Timestamp

    /// The person as sign-in replies show them.
    var document: UserDocument { UserDocument(id: id, email: email, name: name, role: role) }

    /// The person as they see themselves.
    var fullDocument: UserDocument {
        UserDocument(id: id, email: email, name: name, role: role, createdAt: createdAt)
    }
}
