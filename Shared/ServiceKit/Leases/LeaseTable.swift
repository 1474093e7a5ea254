package import Contracts
package import DatabaseKit

/// Work that one replica does at a time, and which of them has it.
///
/// A lease spares replicas each other's work; what they do under it must be right without it, since a holder may be
/// paused past its end.
package enum LeaseTable {
    /// The statements that make the table; for the service's own list of migrations.
    package static let statements: @Sendable (SQLDialect) -> [String] = { dialect in
        [
            """
            CREATE TABLE leases (
                name TEXT NOT NULL PRIMARY KEY,
                owner TEXT NOT NULL,
                ends_at BIGINT NOT NULL
            ) \(dialect.keyOrdered)
            """
        ]
    }

    /// Takes or keeps the lease until `end`; false while another has it.
    package static func take(
        _ name: String, for owner: String, until end: Timestamp, at now: Timestamp, in session: any SQLSession
    ) throws -> Bool {
        try session.execute(
            """
            INSERT INTO leases (name, owner, ends_at) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ends_at = excluded.ends_at
            WHERE leases.owner = excluded.owner OR leases.ends_at <= $4
            """,
            name, owner, end, now) == 1
    }
}
