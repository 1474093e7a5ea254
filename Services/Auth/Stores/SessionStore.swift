import Contracts
import DatabaseKit
import ServiceKit

/// Keeps sessions, each a family of refresh tokens that live and die together.
struct SessionStore: Sendable {
    /// Sessions of one user at a time; beyond that the oldest end.
    static let sessionsPerUserMax = 50
    /// Refreshes of one session; beyond that one signs in again. Keeps the tokens of a session bounded.
    static let refreshesMax = 10_000

    /// What became of a refresh.
    enum Refresh: Sendable, Hashable {
        case refreshed(sessionID: String, User)
        /// Unknown, expired or revoked.
        case refused
        /// Used before: the session was ended, for one of the two users of this token has stolen it.
        case replayed(sessionID: String)
    }

    private let database: any Database

    init(_ database: any Database) {
        self.database = database
    }

    /// Begins a session whose first refresh token has `digest`, together with its user when that is new.
    func begin(
        _ id: String, of user: User, isNewGuest: Bool, digest: String, at now: Timestamp, until end: Timestamp
    ) async throws {
        try await database.write { session in
            if isNewGuest {
                try session.execute(
                    "INSERT INTO users (id, role, created_at) VALUES ($1, 'guest', $2)", user.id, user.createdAt)
            } else {
                try endOldest(session, user.id, now)
            }
            try session.execute(
                """
                INSERT INTO sessions (id, user_id, created_at, expires_at, refreshes) VALUES ($1, $2, $3, $4, 0)
                """,
                id, user.id, now, end)
            try session.execute(
                "INSERT INTO refresh_tokens (digest, session_id) VALUES ($1, $2)", digest, id)
        }
    }

    private func endOldest(_ session: any SQLSession, _ userID: String, _ now: Timestamp) throws {
        try session.execute(
            """
            UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL AND id NOT IN (
                SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL
                ORDER BY created_at DESC, id DESC LIMIT $3)
            """,
            userID, now, Self.sessionsPerUserMax - 1)
    }

    /// Exchanges the token of `digest` for the one of `successor`, once.
    func refresh(_ digest: String, successor: String, at now: Timestamp) async throws -> Refresh {
        try await database.write { session in
            let row = try session.first(
                """
                SELECT t.session_id, t.used_at, s.revoked_at, s.expires_at, s.refreshes,
                    u.id, u.email, u.name, u.role, u.created_at
                FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
                WHERE t.digest = $1
                """, digest)
            guard let row else { return .refused }
            let sessionID = try row.string("session_id")
            guard try row.optionalInt64("revoked_at") == nil, try row.timestamp("expires_at") > now else {
                return .refused
            }
            guard try row.optionalInt64("used_at") == nil else {
                try revoke(session, sessionID, now)
                return .replayed(sessionID: sessionID)
            }
            guard try row.int("refreshes") < Self.refreshesMax else {
                try revoke(session, sessionID, now)
                return .refused
            }
            try session.execute("UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1", digest, now)
            try session.execute("UPDATE sessions SET refreshes = refreshes + 1 WHERE id = $1", sessionID)
            try session.execute(
                "INSERT INTO refresh_tokens (digest, session_id) VALUES ($1, $2)", successor, sessionID)
            return .refreshed(sessionID: sessionID, try UserStore.user(row))
        }
    }

    /// Ends a session of `userID`; nothing happens when it has ended or is somebody else's.
    func end(_ sessionID: String, of userID: String, at now: Timestamp) async throws {
        _ = try await database.write { session in
            try session.execute(
                "UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
                sessionID, userID, now)
        }
    }

    /// Forgets up to `limit` sessions that ended before `time`, with their tokens.
    func purge(before time: Timestamp, limit: Int) async throws -> Int {
        try await database.write { session in
            let ended = try session.query(
                "SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2", time, limit)
            for row in ended {
                let id = try row.string("id")
                try session.execute("DELETE FROM refresh_tokens WHERE session_id = $1", id)
                try session.execute("DELETE FROM sessions WHERE id = $1", id)
            }
            return ended.count
        }
    }

    private func revoke(_ session: any SQLSession, _ sessionID: String, _ now: Timestamp) throws {
        try session.execute("UPDATE sessions SET revoked_at = $2 WHERE id = $1", sessionID, now)
    }
}
