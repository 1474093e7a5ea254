import Foundation
import Logging
import Synchronization

/// A database in one SQLite file, which belongs to this process alone.
///
/// Writes are group-committed by one writer with full durability (write-ahead log, synced at every commit); reads run
/// beside it on snapshots. The file is created with mode 0600.
package final class SQLiteDatabase: Database {
    /// Where closing stands: it happens once, and whoever else calls waits for it.
    private let closing = Mutex<Task<Void, Never>?>(nil)
    private let writerConnection: SQLiteConnection
    /// The writer, inside the module for tests that look at its queue.
    let writer: GroupWriter<SQLiteConnection>
    private let readers: ReaderPool<SQLiteConnection>
    private let checkpointer: SQLiteCheckpointer
    /// The length of the write-ahead log, inside the module for tests.
    let gauge: SQLiteLogGauge
    private let logger: Logger
    private let lock: Mutex<SQLiteFileLock?>

    package let dialect = SQLDialect.sqlite

    /// Opens the file at `path`, creating it and its folder when absent.
    ///
    /// Errors: ``DatabaseError/Code/notOpen`` when the file cannot be opened or another process has it.
    package init(path: String, configuration: SQLiteConfiguration = SQLiteConfiguration()) throws(DatabaseError) {
        try Self.createFile(path)
        let lock = try SQLiteFileLock(databasePath: path)
        func connect(_ role: String, readOnly: Bool) throws(DatabaseError) -> SQLiteConnection {
            try SQLiteConnection(path: path, role: role, readOnly: readOnly, configuration: configuration)
        }
        gauge = SQLiteLogGauge()
        writerConnection = try connect("writer", readOnly: false)
        writerConnection.perform { [gauge] in $0.watchLog(gauge) }
        checkpointer = SQLiteCheckpointer(
            connection: try connect("checkpointer", readOnly: false), gauge: gauge, configuration: configuration)
        writer = GroupWriter(
            connection: writerConnection, options: configuration.writer, afterBatch: checkpointer.afterCommit)
        var connections: [SQLiteConnection] = []
        for _ in 0..<max(1, configuration.readers) {
            connections.append(try connect("reader", readOnly: true))
        }
        readers = ReaderPool(connections: connections, unitsMax: configuration.queueMax)
        logger = configuration.logger
        self.lock = Mutex(lock)
    }

    private static func createFile(_ path: String) throws(DatabaseError) {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            if !folder.isEmpty {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
        } catch {
            throw DatabaseError(.notOpen, "cannot create the folder \(folder): \(error.localizedDescription)")
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseError(.notOpen, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        Foundation.close(descriptor)
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

    package func migrate(_ migrations: [Migration]) async throws {
        let migrator = try Migrator(migrations, dialect: dialect)
        let applied = try await write { try migrator.run($0) }
        if !applied.isEmpty {
            logger.info("schema migrated", metadata: ["migrations": "\(applied)"])
        }
    }

    package func ping() async throws {
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
        do {
            try await readers.close()
            try checkpointer.close()
            try writerConnection.close()
        } catch {
            logger.error("closing the database failed", metadata: ["error": "\(error)"])
        }
        lock.withLock { $0 = nil }
    }
}
