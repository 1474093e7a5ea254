import Foundation
import Logging
import Synchronization

/// A database on a PostgreSQL server, which any number of processes may use at once.
///
/// Writes are group-committed by one writer, and the writers of all processes take turns by an advisory lock: units run
/// one after another as they do on SQLite, so that a store may read, decide and write. Reads run beside them, on a few
/// connections, each on a snapshot. A lost connection is made again by itself; until then callers are refused at once
/// with ``DatabaseError/Code/unavailable``.
///
/// A pooler between the two must give each connection a session of its own: statements stay prepared.
///
/// Texts are compared byte by byte, as on SQLite, whatever the locale of the server: see ``PostgresCollation``.
package final class PostgresDatabase: Database {
    /// Where closing stands: it happens once, and whoever else calls waits for it.
    private let closing = Mutex<Task<Void, Never>?>(nil)
    private let address: PostgresAddress
    private let configuration: PostgresConfiguration
    private let writerConnection: PostgresConnection
    /// The writer, inside the module for tests that look at its queue.
    let writer: GroupWriter<PostgresConnection>
    private let readers: ReaderPool<PostgresConnection>

    package let dialect = SQLDialect.postgres

    private init(_ address: PostgresAddress, _ configuration: PostgresConfiguration) {
        self.address = address
        self.configuration = configuration
        writerConnection = PostgresConnection(address, role: "writer", configuration)
        writer = GroupWriter(connection: writerConnection, options: configuration.writer)
        readers = ReaderPool(
            connections: (0..<max(1, configuration.readers)).map { _ in
                PostgresConnection(address, role: "reader", configuration)
            }, unitsMax: configuration.queueMax)
    }

    /// What the URL of a PostgreSQL database looks like.
    package static let urlForm = PostgresAddress.form

    /// Throws what is wrong with the form of `url`, without showing it.
    package static func check(_ url: String) throws(DatabaseError) {
        _ = try PostgresAddress(url)
    }

    /// Whether `url` names a PostgreSQL database.
    package static func accepts(_ url: String) -> Bool {
        PostgresAddress.isPostgres(url)
    }

    /// Connects to the database at `url`, written `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`.
    ///
    /// Errors: ``DatabaseError/Code/notOpen`` when the URL, the password, the database's name, its rights or its
    /// encoding are wrong; ``DatabaseError/Code/unavailable`` when the server could not be reached for as long as
    /// ``PostgresConfiguration/startPatience``. No text of an error contains the password.
    package static func open(
        _ url: String, configuration: PostgresConfiguration = PostgresConfiguration()
    ) async throws -> PostgresDatabase {
        let database = PostgresDatabase(try PostgresAddress(url), configuration)
        do {
            try await database.connect()
            return database
        } catch {
            await database.close()
            throw error
        }
    }

    private func connect() async throws {
        let deadline = ContinuousClock.now + configuration.startPatience
        var backoff = PostgresBackoff(configuration)
        while true {
            do {
                return try await writerConnection.perform { try $0.reconnect() }
            } catch let error as DatabaseError where error.code == .unavailable && ContinuousClock.now < deadline {
                configuration.logger.info("waiting for the database", metadata: ["error": "\(error.message)"])
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    package func read<T: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> T) async throws -> T {
        try await CallerUnit(.ordinary, body).answer { unit throws(DatabaseError) in try readers.submit(unit) }
    }

    @discardableResult
    package func write<T: Sendable>(
        _ kind: WriteKind, _ body: @escaping @Sendable (any SQLSession) throws -> T
    ) async throws -> T {
        try await CallerUnit(kind, body).answer { unit throws(DatabaseError) in try writer.submit(unit) }
    }

    package func write<Order, T>(_ order: Order, by merger: UnitMerger<Order, T>) async throws -> T {
        try await merger.unit(order).answer { unit throws(DatabaseError) in try writer.submit(unit) }
    }

    package func observeCommits(_ observer: @escaping @Sendable (Set<String>) -> Void) {
        writer.observeCommits(observer)
    }

    /// Runs on a connection of its own, which may take much longer than any unit. Of several replicas that start at
    /// once one migrates, having the writers' turn; the others wait for it and find nothing left to do.
    package func migrate(_ migrations: [Migration]) async throws {
        let migrator = try Migrator(migrations, dialect: dialect)
        let connection = PostgresConnection(address, role: "migrator", configuration.forMigrations)
        let numbers: [Int]
        do {
            numbers = try await connection.perform { try Self.migrate(migrator, $0) }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        if !numbers.isEmpty {
            configuration.logger.info("schema migrated", metadata: ["migrations": "\(numbers)"])
        }
    }

    private static func migrate(_ migrator: Migrator, _ session: PostgresSession) throws -> [Int] {
        try session.beginWrite()
        defer { session.rollback() }
        let applied = try migrator.run(session)
        if !applied.isEmpty { try PostgresCollation.apply(session) }
        try session.commit()
        return applied
    }

    package func ping() async throws {
        if let outage = writer.outage { throw outage }
        _ = try await read { try $0.query("SELECT 1") }
    }

    package func close() async {
        let task = closing.withLock { task in
            if let task { return task }
            let new = Task { await self.closeOnce() }
            task = new
            return new
        }
        await task.value
    }

    private func closeOnce() async {
        await writer.finish()
        await writerConnection.close()
        do {
            try await readers.close()
        } catch {
            configuration.logger.error("closing the database failed", metadata: ["error": "\(error)"])
        }
    }
}
