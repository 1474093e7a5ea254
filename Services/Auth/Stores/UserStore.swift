import Contracts
import DatabaseKit
import ServiceKit

/// Keeps accounts and guests.
struct UserStore: Sendable {
    /// A user with what their password is checked against.
    struct Credentials: Sendable {
        let user: User
        let passwordHash: String
    }

    /// What became of a registration.
    enum Registration: Sendable, Hashable {
        case registered(User)
        case emailTaken
        /// The guest whose id was to be kept is none, or not any more.
        case notAGuest
    }

    private static let columns = "id, email, name, role, created_at"

    private let database: any Database

    init(_ database: any Database) {
        self.database = database
    }

    func user(id: String) async throws -> User? {
        try await database.read { session in
            try session.first("SELECT \(Self.columns) FROM users WHERE id = $1", id).map(Self.user)
        }
    }

    /// The id of the account with an email address; nil when there is none.
    func id(email: EmailAddress) async throws -> String? {
        try await database.read { session in
            try session.first("SELECT id FROM users WHERE email_folded = $1", email.folded)?.string("id")
        }
    }

    func credentials(email: EmailAddress) async throws -> Credentials? {
        try await database.read { session in
            let row = try session.first(
                "SELECT \(Self.columns), password_hash FROM users WHERE email_folded = $1", email.folded)
            return try row.map { Credentials(user: try Self.user($0), passwordHash: try $0.string("password_hash")) }
        }
    }

    /// Stores a new account; of two with one email the database lets one in.
    func insert(_ user: User, email: EmailAddress, passwordHash: String) async throws -> Registration {
        do {
            _ = try await database.write { session in
                try session.execute(
                    """
                    INSERT INTO users (id, email, email_folded, name, role, password_hash, created_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)
                    """,
                    user.id, email.text, email.folded, user.name, user.role.rawValue, passwordHash, user.createdAt)
            }
            return .registered(user)
        } catch let error as DatabaseError where error.isUniqueViolation {
            return .emailTaken
        }
    }

    /// Makes an account of a guest, who keeps the id; the guest's sessions end, so that no old token grows with it.
    func promote(
        guestID: String, email: EmailAddress, name: String?, passwordHash: String, at now: Timestamp
    ) async throws -> Registration {
        do {
            return try await database.write { session in
                let row = try session.first(
                    """
                    UPDATE users SET email = $2, email_folded = $3, name = $4, role = 'user', password_hash = $5
                    WHERE id = $1 AND role = 'guest' RETURNING \(Self.columns)
                    """,
                    guestID, email.text, email.folded, name, passwordHash)
                guard let row else { return .notAGuest }
                try Self.endSessions(of: guestID, at: now, in: session)
                return .registered(try Self.user(row))
            }
        } catch let error as DatabaseError where error.isUniqueViolation {
            return .emailTaken
        }
    }

    /// Stores guests, all or none.
    func insert(guests: [User]) async throws {
        try await database.write { session in
            for guest in guests {
                try session.execute(
                    "INSERT INTO users (id, role, created_at) VALUES ($1, 'guest', $2)", guest.id, guest.createdAt)
            }
        }
    }

    /// Replaces a hash, unless it was changed since `old` was read.
    func replaceHash(of userID: String, _ old: String, with new: String) async throws {
        _ = try await database.write { session in
            try session.execute(
                "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", userID, old, new)
        }
    }

    /// Makes an account an admin's, with this hash, and ends its sessions: whoever had it before is no admin.
    func makeAdmin(_ userID: String, passwordHash: String, at now: Timestamp) async throws {
        try await database.write { session in
            try session.execute(
                "UPDATE users SET role = 'admin', password_hash = $2 WHERE id = $1", userID, passwordHash)
            try Self.endSessions(of: userID, at: now, in: session)
        }
    }

    private static func endSessions(of userID: String, at now: Timestamp, in session: any SQLSession) throws {
        try session.execute(
            "UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL", userID, now)
    }

    static func user(_ row: SQLRow) throws -> User {
        guard let role = UserRole(rawValue: try row.string("role")) else {
            throw DatabaseError(.decoding, "users.role holds an unknown role")
        }
        return User(
            id: try row.string("id"), email: try row.optionalString("email"), name: try row.optionalString("name"),
            role: role, createdAt: try row.timestamp("created_at"))
    }
}
