import GRDB
import GRDBSQLite

/// One SQLite connection's statements and transaction, used on that connection's queue only.
final class SQLiteSession: DriverSession {
    let dialect = SQLDialect.sqlite
    /// The most statements kept prepared: a program has far fewer, unless it writes values into its SQL.
    private static let statementsMax = 512

    private let database: GRDB.Database
    private let connection: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]
    var announcements = Announcements()
    private var unitWantsSavepoint = false
    private(set) var hasSavepoint = false
    private var changesAtStart: sqlite3_int64 = 0
    private var changedUncounted = false

    init(_ database: GRDB.Database) throws {
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(.closed, "the connection was closed")
        }
        self.database = database
        self.connection = connection
    }

    func query(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> [SQLRow] {
        try ready(sql).query(parameters)
    }

    func execute(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> Int {
        try ready(sql).execute(parameters)
    }

    func demand(
        rows: Int?, orThrow failure: @autoclosure () -> any Error, _ sql: String,
        _ parameters: [any SQLValueConvertible]
    ) throws {
        let changed = try execute(sql, parameters)
        if let rows, changed != rows { throw failure() }
    }

    func announce(_ subject: String) {
        announcements.add(subject)
    }

    private func ready(_ sql: String) throws -> SQLiteStatement {
        let statement = try prepared(sql)
        if statement.effect != .none {
            if statement.effect == .uncounted { changedUncounted = true }
            if unitWantsSavepoint, !hasSavepoint {
                _ = try prepared("SAVEPOINT unit").execute([])
                hasSavepoint = true
            }
        }
        return statement
    }

    private func prepared(_ sql: String) throws -> SQLiteStatement {
        if let statement = statements[sql] { return statement }
        if statements.count >= Self.statementsMax { statements.removeAll() }
        let statement = try SQLiteStatement(sql, database)
        statements[sql] = statement
        return statement
    }

    /// Lets go of the prepared statements, which would keep the connection open.
    func releaseStatements() {
        statements.removeAll()
    }
}

// MARK: - Transactions

extension SQLiteSession {
    var transaction: TransactionState {
        isInTransaction ? .open : .rolledBack
    }

    /// Whether a transaction is open. SQLite closes it by itself on some errors, a full disk for one.
    private var isInTransaction: Bool {
        sqlite3_get_autocommit(connection) == 0
    }

    /// A file is never out of reach for a while.
    var outage: DatabaseError? { nil }

    func recover() -> Bool { true }

    /// Reads end by themselves, soon.
    var interruption: (@Sendable () -> Void)? { nil }

    var unitChangedSomething: Bool {
        changedUncounted || sqlite3_total_changes64(connection) != changesAtStart
    }

    func beginRead() throws {
        _ = try prepared("BEGIN DEFERRED").execute([])
    }

    /// Rolling back ends the snapshot, and cannot fail.
    func endRead() {
        rollback()
    }

    func beginWrite() throws {
        _ = try prepared("BEGIN IMMEDIATE").execute([])
    }

    func commit() throws {
        _ = try prepared("COMMIT").execute([])
    }

    /// Undoes the transaction if there still is one. Its own failure leaves nothing to do: SQLite rolls back what
    /// remains when the connection's next transaction begins or the file is opened anew.
    func rollback() {
        guard isInTransaction else { return }
        _ = try? prepared("ROLLBACK").execute([])
    }

    func beginUnit(savepoint: Bool, awaitsDemands: Bool) {
        unitWantsSavepoint = savepoint
        hasSavepoint = false
        changedUncounted = false
        changesAtStart = sqlite3_total_changes64(connection)
    }

    func keepUnit() throws {
        guard hasSavepoint else { return }
        hasSavepoint = false
        _ = try prepared("RELEASE unit").execute([])
    }

    func undoUnit() throws {
        guard hasSavepoint else { return }
        hasSavepoint = false
        _ = try prepared("ROLLBACK TO unit").execute([])
        _ = try prepared("RELEASE unit").execute([])
    }
}

// MARK: - The write-ahead log

extension SQLiteSession {
    /// How far a checkpoint goes.
    enum CheckpointMode {
        /// Copies what no reader needs any more, and waits for nobody.
        case passive
        /// Waits for readers, up to the busy timeout, copies everything, and has the log start over.
        case restart
        /// As ``restart``, and empties the file.
        case truncate

        fileprivate var code: CInt {
            switch self {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .restart: SQLITE_CHECKPOINT_RESTART
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        }
    }

    /// Copies the write-ahead log back into the database file; returns whether all of it was copied.
    func checkpoint(_ mode: CheckpointMode) throws(DatabaseError) -> Bool {
        var logPages: CInt = 0
        var copiedPages: CInt = 0
        let code = sqlite3_wal_checkpoint_v2(connection, "main", mode.code, &logPages, &copiedPages)
        switch code & 0xff {
        case SQLITE_OK: return logPages == copiedPages
        case SQLITE_BUSY: return false
        default: throw DatabaseError.sqlite(code, connection)
        }
    }

    /// Sets how long this connection waits for locks.
    func setBusyTimeout(milliseconds: Int) {
        sqlite3_busy_timeout(connection, CInt(milliseconds))
    }

    /// Reports the log's length in pages to `gauge` after every commit of this connection.
    func watchLog(_ gauge: SQLiteLogGauge) {
        let context = Unmanaged.passUnretained(gauge).toOpaque()
        _ = sqlite3_wal_hook(
            connection,
            { context, _, _, pages in
                if let context {
                    Unmanaged<SQLiteLogGauge>.fromOpaque(context).takeUnretainedValue().record(pages: Int(pages))
                }
                return SQLITE_OK
            }, context)
    }
}
