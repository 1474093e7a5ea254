import Foundation

/// Applies migrations inside one write unit, the same way on every driver.
///
/// The driver makes sure that only one migrator runs at a time: SQLite by being the file's only process.
struct Migrator: Sendable {
    private static let createTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number BIGINT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_at BIGINT NOT NULL
        )
        """

    private let migrations: [Migration]
    private let dialect: SQLDialect

    /// A migrator for `migrations`; throws when their numbers are not strictly ascending from 1 upwards.
    init(_ migrations: [Migration], dialect: SQLDialect) throws(DatabaseError) {
        var previous = 0
        for migration in migrations {
            guard migration.number > previous else {
                throw DatabaseError(.sql, "migration \(migration.number) (\(migration.name)) is out of order")
            }
            previous = migration.number
        }
        self.migrations = migrations
        self.dialect = dialect
    }

    /// Checks what was applied, applies what is missing, and returns the numbers of the latter.
    func run(_ session: any SQLSession) throws -> [Int] {
        try session.execute(Self.createTable)
        let applied = try session.query("SELECT number, name, checksum FROM schema_migrations ORDER BY number")
        let newest = try applied.last?.int(0) ?? 0
        let known = migrations.last?.number ?? 0
        if newest > known {
            throw DatabaseError(
                .schemaTooNew,
                "the database is at schema \(newest), this program knows up to \(known): start a newer program")
        }
        try verify(applied)
        let pending = migrations.filter { $0.number > newest }
        for migration in pending {
            try apply(migration, session)
        }
        return pending.map(\.number)
    }

    private func verify(_ applied: [SQLRow]) throws {
        var byNumber: [Int: Migration] = [:]
        for migration in migrations { byNumber[migration.number] = migration }
        for row in applied {
            let number = try row.int(0)
            guard let migration = byNumber.removeValue(forKey: number) else {
                throw DatabaseError(.migrationChanged, "applied migration \(number) is missing in this program")
            }
            guard try row.string(2) == migration.checksum(dialect) else {
                throw DatabaseError(
                    .migrationChanged,
                    "migration \(number) (\(migration.name)) was edited after it had been applied: add a new one instead"
                )
            }
        }
        let newest = try applied.last?.int(0) ?? 0
        if let late = byNumber.keys.filter({ $0 < newest }).min() {
            throw DatabaseError(
                .migrationChanged, "migration \(late) was added below \(newest), which is already applied")
        }
    }

    private func apply(_ migration: Migration, _ session: any SQLSession) throws {
        for statement in migration.statements(dialect) {
            try session.execute(statement)
        }
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        try session.execute(
            "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
            migration.number, migration.name, migration.checksum(dialect), now)
    }
}
