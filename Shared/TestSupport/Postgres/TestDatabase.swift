package import DatabaseKit
import Logging

/// The databases that every store must work on; a test takes one as its argument and opens it new and empty.
package enum TestDatabase: String, CaseIterable, Sendable {
    case sqlite
    case postgres

    /// Both, for `@Test(arguments:)`.
    package static let both = allCases

    /// The address of a new and empty database, as the setting `DATABASE_URL` wants it; a SQLite file lies in
    /// `directory`.
    package func makeURL(in directory: TemporaryDirectory, name: String = "test") async throws -> String {
        switch self {
        case .sqlite:
            return "sqlite:" + directory.file(name + ".sqlite")
        case .postgres:
            let cluster = try await SharedPostgres.cluster()
            return cluster.url(try await cluster.createDatabase())
        }
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

    /// Opens a new and empty database; the caller closes it.
    package func open(in directory: TemporaryDirectory, name: String = "test") async throws -> any Database {
        try await Self.open(try await makeURL(in: directory, name: name), name: name)
    }
}

/// The PostgreSQL cluster that all tests of a process share, each in a database of its own.
package actor SharedPostgres {
    private static let shared = SharedPostgres()

    private var starting: Task<PrivatePostgres, any Error>?

    /// The cluster, started by the first test that needs it; it ends with the process.
    package static func cluster() async throws -> PrivatePostgres {
        try await shared.start().value
    }

    private func start() -> Task<PrivatePostgres, any Error> {
        if let starting { return starting }
        let task = Task { try await PrivatePostgres.start() }
        starting = task
        return task
    }
}
