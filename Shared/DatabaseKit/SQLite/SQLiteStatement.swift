import GRDB
import GRDBSQLite

/// A prepared statement of one connection, bound and stepped through SQLite's C interface.
///
/// GRDB prepares and owns the statement. Its argument dictionaries and row adapters cost more than the statements
/// themselves in a group commit, so binding and reading go straight to SQLite.
final class SQLiteStatement {
    /// What running the statement can do to the database.
    enum Effect {
        /// Nothing.
        case none
        /// It changes rows, which the connection counts.
        case counted
        /// It changes something that no counter shows: the schema, a setting.
        case uncounted
    }

    /// SQLite's request to copy a text while it is bound (`SQLITE_TRANSIENT`, in C the pointer -1, which is never
    /// called; Swift does not import the macro, and the cast is the same as the one in C).
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    let effect: Effect
    private let sql: String
    private let owner: GRDB.Statement
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    /// For each of SQLite's parameter positions, the index of the caller's value: `$2` may come before `$1`.
    private let valueIndexes: [Int]
    private let valueCount: Int
    private var columns: SQLColumns?

    init(_ sql: String, _ database: GRDB.Database) throws {
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(.closed, "the connection was closed")
        }
        do {
            owner = try database.makeStatement(sql: sql)
        } catch {
            throw DatabaseError.sqlite(error)
        }
        self.sql = sql
        self.connection = connection
        handle = owner.sqliteStatement
        valueIndexes = try Self.valueIndexes(handle, sql)
        valueCount = (valueIndexes.max() ?? -1) + 1
        effect = Self.effect(handle, sql)
    }

    private static func valueIndexes(_ handle: OpaquePointer, _ sql: String) throws(DatabaseError) -> [Int] {
        var indexes: [Int] = []
        for position in 0..<sqlite3_bind_parameter_count(handle) {
            let name = sqlite3_bind_parameter_name(handle, position + 1).map { String(cString: $0) } ?? "?"
            guard name.first == "$", let number = Int(name.dropFirst()), (1...999).contains(number) else {
                throw DatabaseError(.sql, "parameters are written $1 to $999, not \(name), in: \(sql.prefix(200))")
            }
            indexes.append(number - 1)
        }
        return indexes
    }

    private static func effect(_ handle: OpaquePointer, _ sql: String) -> Effect {
        if sqlite3_stmt_readonly(handle) != 0 { return .none }
        let verb = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
        return ["INSERT", "UPDATE", "DELETE", "WITH"].contains(verb) ? .counted : .uncounted
    }

    /// Runs the statement and returns its rows.
    func query(_ values: [any SQLValueConvertible]) throws(DatabaseError) -> [SQLRow] {
        defer { sqlite3_reset(handle) }
        try bind(values)
        var rows: [SQLRow] = []
        while try step() {
            rows.append(row())
        }
        return rows
    }

    /// Runs the statement and returns how many rows it changed.
    func execute(_ values: [any SQLValueConvertible]) throws(DatabaseError) -> Int {
        defer { sqlite3_reset(handle) }
        try bind(values)
        while try step() {}
        return effect == .counted ? Int(sqlite3_changes64(connection)) : 0
    }

    /// Advances by one row; false at the end.
    private func step() throws(DatabaseError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw DatabaseError.sqlite(code, connection, sql: sql)
        }
    }

    private func bind(_ values: [any SQLValueConvertible]) throws(DatabaseError) {
        guard values.count == valueCount else {
            throw DatabaseError(
                .sql, "\(values.count) parameters given, \(valueCount) expected, in: \(sql.prefix(200))")
        }
        var position: CInt = 0
        for index in valueIndexes {
            position += 1
            let code =
                switch values[index].sqlValue {
                case .null: sqlite3_bind_null(handle, position)
                case .integer(let integer): sqlite3_bind_int64(handle, position, integer)
                case .real(let real): sqlite3_bind_double(handle, position, real)
                case .text(let text): try bind(text, position)
                }
            guard code == SQLITE_OK else { throw DatabaseError.sqlite(code, connection, sql: sql) }
        }
    }

    private func bind(_ text: String, _ position: CInt) throws(DatabaseError) -> CInt {
        var text = text
        let code = text.withUTF8 { bytes -> CInt? in
            // PostgreSQL refuses NUL inside text; so do we, that both hold the same.
            guard !bytes.contains(0) else { return nil }
            return bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text64(
                    handle, position, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
            }
        }
        guard let code else { throw DatabaseError(.sql, "a text parameter contains NUL, in: \(sql.prefix(200))") }
        return code
    }

    private func row() -> SQLRow {
        let count = sqlite3_column_count(handle)
        let values = (0..<count).map { value(at: $0) }
        return SQLRow(columns: currentColumns(Int(count)), values: values)
    }

    private func value(at column: CInt) -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
        case SQLITE_NULL: return .null
        default:
            // The text first, its length second: the order in which SQLite keeps the pointer valid.
            guard let text = sqlite3_column_text(handle, column) else { return .text("") }
            let count = Int(sqlite3_column_bytes(handle, column))
            return .text(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        }
    }

    private func currentColumns(_ count: Int) -> SQLColumns {
        // A migration can widen `SELECT *` under a kept statement, which SQLite then prepares anew by itself.
        if let columns, columns.names.count == count { return columns }
        let names = (0..<CInt(count)).map { index in
            sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
        }
        let columns = SQLColumns(names: names)
        self.columns = columns
        return columns
    }
}
