import Contracts
import ServiceKit

/// Makes the admin account at start, or brings it up to date with its settings.
struct EnsureAdmin: Sendable {
    let users: UserStore
    let hasher: PasswordHasher
    let clock: any WallClock

    /// A changed password replaces the old one and ends the account's sessions.
    func perform(_ admin: AdminAccount) async throws {
        guard let known = try await users.credentials(email: admin.email) else {
            let now = clock.now()
            let user = User(
                id: UUIDv7.make(at: now), email: admin.email.text, name: nil, role: .admin, createdAt: now)
            let hash = try await hasher.hash(admin.password)
            _ = try await users.insert(user, email: admin.email, passwordHash: hash.description)
            return
        }
        if let stored = PasswordHash(parsing: known.passwordHash), stored.cost == hasher.cost,
            known.user.role == .admin, try await hasher.verify(admin.password, stored)
        {
            return
        }
        let hash = try await hasher.hash(admin.password)
        try await users.makeAdmin(known.user.id, passwordHash: hash.description, at: clock.now())
    }
}
