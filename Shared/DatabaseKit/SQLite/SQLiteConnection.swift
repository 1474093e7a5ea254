import Foundation
import GRDB

/// A connection to a SQLite file on a serial queue of its own.
///
/// - Note: `@unchecked Sendable` because the session is not. It is only ever handed out inside GRDB's serial queue for
///   this connection (``perform(_:)`` and ``schedule(_:)``), to closures that cannot let it escape, so no two threads
///   use it at once.
final class SQLiteConnection: DriverConnection, @unchecked Sendable {
    private let queue: GRDB.DatabaseQueue
    private let session: SQLiteSession

    /// Opens `path`, which must exist, as `role` ("writer", "reader", …).
    init(path: String, role: String, readOnly: Bool, configuration: SQLiteConfiguration) throws(DatabaseError) {
        var grdb = GRDB.Configuration()
        grdb.label = "sqlite." + role
        grdb.readonly = readOnly
        grdb.foreignKeysEnabled = true
        grdb.busyMode = .timeout(Double(configuration.busyTimeoutMilliseconds) / 1000)
        // Transactions are opened and closed through SQLite itself; GRDB need not watch over them.
        grdb.allowsUnsafeTransactions = true
        do {
            let queue = try GRDB.DatabaseQueue(path: path, configuration: grdb)
            session = try queue.inDatabase { database in
                try Self.prepare(database, readOnly: readOnly)
                return try SQLiteSession(database)
            }
            self.queue = queue
        } catch {
            throw DatabaseError.sqlite(error)
        }
    }

    private static func prepare(_ database: GRDB.Database, readOnly: Bool) throws {
        if !readOnly {
            guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw DatabaseError(.notOpen, "the file system does not support a write-ahead log")
            }
            // Only FULL syncs the log at every commit, which is what makes an answer durable.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // Checkpoints belong to the checkpointer, not to whoever commits.
            _ = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint = 0")
        }
        try database.execute(sql: "PRAGMA temp_store = MEMORY")
        try database.execute(sql: "PRAGMA cache_size = \(readOnly ? -4096 : -16384)")
    }

    /// Runs `body` on the connection's queue and waits for it.
    func perform<Result>(_ body: (SQLiteSession) throws -> Result) rethrows -> Result {
        try queue.inDatabase { _ in try body(session) }
    }

    /// Runs `body` on the connection's queue, later.
    func schedule(_ body: @escaping @Sendable (SQLiteSession) -> Void) {
        queue.asyncWriteWithoutTransaction { [self] _ in body(session) }
    }

    /// Closes the file. The connection must not be used afterwards.
    func close() throws(DatabaseError) {
        perform { $0.releaseStatements() }
        do {
            try queue.close()
        } catch {
            throw DatabaseError.sqlite(error)
        }
    }
}
