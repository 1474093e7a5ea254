import DatabaseKit

/// The schema of the auth database.
enum AuthMigrations {
    static let all = [
        Migration(number: 1, name: "users and sessions") { dialect in
            [
                """
                CREATE TABLE users (
                    id TEXT NOT NULL PRIMARY KEY,
                    email TEXT,
                    email_folded TEXT,
                    name TEXT,
                    role TEXT NOT NULL CHECK (role IN ('guest', 'user', 'admin')),
                    password_hash TEXT,
                    created_at BIGINT NOT NULL,
                    CHECK ((role = 'guest') = (email IS NULL)),
                    CHECK ((email IS NULL) = (email_folded IS NULL)),
                    CHECK ((email IS NULL) = (password_hash IS NULL))
                ) \(dialect.keyOrdered)
                """,
                "CREATE UNIQUE INDEX users_by_email ON users (email_folded)",
                """
                CREATE TABLE sessions (
                    id TEXT NOT NULL PRIMARY KEY,
                    user_id TEXT NOT NULL REFERENCES users (id),
                    created_at BIGINT NOT NULL,
                    expires_at BIGINT NOT NULL,
                    refreshes BIGINT NOT NULL,
                    revoked_at BIGINT
                ) \(dialect.keyOrdered)
                """,
                "CREATE INDEX sessions_by_user ON sessions (user_id, created_at)",
                "CREATE INDEX sessions_by_end ON sessions (expires_at)",
                """
                CREATE TABLE refresh_tokens (
                    digest TEXT NOT NULL PRIMARY KEY,
                    session_id TEXT NOT NULL REFERENCES sessions (id),
                    used_at BIGINT
                ) \(dialect.keyOrdered)
                """,
                "CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id)",
            ]
        }
    ]
}
