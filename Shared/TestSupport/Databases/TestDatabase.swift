package import DatabaseKit
import Logging
import Synchronization

/// The databases that every store must work on.
package enum TestDatabase: String, CaseIterable, Sendable {
    case sqlite
    case postgres

    /// The turn of one database in one test, and what was made of it.
    final class Turn: Sendable {
        let database: TestDatabase
        private let names = Mutex<[String]>([])

        init(_ database: TestDatabase) {
            self.database = database
        }

        func remember(_ name: String) {
            names.withLock { $0.append(name) }
        }

        /// Drops what was made, whoever may still be connected.
        func end() async throws {
            let names = names.withLock { $0 }
            guard !names.isEmpty else { return }
            let cluster = try await SharedPostgres.cluster()
            for name in names { try await cluster.dropDatabase(name) }
        }
    }

    @TaskLocal static var turn: Turn?

    /// The database of the test that runs: SQLite, unless its suite is marked `.onBothDatabases`.
    package static var current: TestDatabase { turn?.database ?? .sqlite }

    /// The address of a new and empty database of the ``current`` kind, as the setting `DATABASE_URL` wants it; a
    /// SQLite file lies in `directory`, a PostgreSQL database is dropped at the end of the test.
    package static func makeURL(in directory: TemporaryDirectory, name: String = "test") async throws -> String {
        guard let turn, turn.database == .postgres else { return "sqlite:" + directory.file(name + ".sqlite") }
        let cluster = try await SharedPostgres.cluster()
        let database = try await cluster.createDatabase()
        turn.remember(database)
        return cluster.url(database)
    }

    /// Opens the database at an address of ``makeURL(in:name:)``; the caller closes it.
    package static func open(_ url: String, name: String = "test") async throws -> any Database {
        var logger = Logger(label: "database")
        logger.logLevel = .critical
        guard PostgresDatabase.accepts(url) else {
            let configuration = SQLiteConfiguration(name: name, logger: logger)
            return try SQLiteDatabase(path: String(url.dropFirst("sqlite:".count)), configuration: configuration)
        }
        var configuration = PostgresConfiguration(name: name, logger: logger)
        // Suites run side by side on one small server.
        configuration.readers = 2
        return try await PostgresDatabase.open(url, configuration: configuration)
    }

    /// Opens a new and empty database of the ``current`` kind; the caller closes it.
    package static func open(in directory: TemporaryDirectory, name: String = "test") async throws -> any Database {
        try await open(try await makeURL(in: directory, name: name), name: name)
    }
}
