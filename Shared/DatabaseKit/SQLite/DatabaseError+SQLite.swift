import Foundation
import GRDB
import GRDBSQLite

extension DatabaseError {
    /// The error that `connection` reports for its last call, which returned `resultCode`.
    static func sqlite(_ resultCode: CInt, _ connection: OpaquePointer?, sql: String? = nil) -> DatabaseError {
        let text = connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(resultCode))
        return sqlite(resultCode, text, sql: sql)
    }

    /// What GRDB reported while opening a connection or preparing a statement.
    static func sqlite(_ error: any Error) -> DatabaseError {
        if let error = error as? DatabaseError { return error }
        guard let error = error as? GRDB.DatabaseError else { return DatabaseError(.notOpen, "\(error)") }
        return sqlite(error.extendedResultCode.rawValue, error.message ?? "", sql: error.sql)
    }

    private static func sqlite(_ resultCode: CInt, _ text: String, sql: String?) -> DatabaseError {
        // FTS5 quotes what it cannot read of an expression, which is a value, in a dozen different texts.
        let mayShowValue = resultCode == SQLITE_ERROR && sql?.contains(" MATCH ") == true
        let shown = mayShowValue ? "the statement, or the expression to match, cannot be read" : text
        let message = sql.map { "\(shown), in: \($0)" } ?? shown
        switch resultCode & 0xff {
        case SQLITE_CONSTRAINT:
            return DatabaseError(.constraint(violation(resultCode, text)), text)
        case SQLITE_BUSY, SQLITE_LOCKED: return DatabaseError(.busy, message)
        case SQLITE_FULL: return DatabaseError(.full, message)
        case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB: return DatabaseError(.ioError, message)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: return DatabaseError(.notOpen, message)
        default: return DatabaseError(.sql, message)
        }
    }

    /// Takes apart texts such as "UNIQUE constraint failed: charges.charge_key, charges.user_id".
    private static func violation(_ resultCode: CInt, _ text: String) -> ConstraintViolation {
        let subject = text.range(of: "constraint failed: ").map { String(text[$0.upperBound...]) }
        switch resultCode {
        case sqliteConstraint(8), sqliteConstraint(6), sqliteConstraint(10):  // UNIQUE, PRIMARYKEY, ROWID
            return columns(.unique, subject)
        case sqliteConstraint(5):  // NOTNULL
            return columns(.notNull, subject)
        case sqliteConstraint(1):  // CHECK
            return ConstraintViolation(kind: .check, name: subject)
        case sqliteConstraint(3):  // FOREIGNKEY
            return ConstraintViolation(kind: .foreignKey)
        default:
            return ConstraintViolation(kind: .other, name: subject ?? text)
        }
    }

    /// SQLite's extended code of a constraint: the C macros are expressions that Swift does not import.
    private static func sqliteConstraint(_ detail: CInt) -> CInt {
        SQLITE_CONSTRAINT | (detail << 8)
    }

    private static func columns(_ kind: ConstraintViolation.Kind, _ subject: String?) -> ConstraintViolation {
        guard let subject, !subject.hasPrefix("index ") else {
            // An index on an expression is reported as: index 'name'.
            let name = subject?.split(separator: "'").dropFirst().first.map(String.init)
            return ConstraintViolation(kind: kind, name: name)
        }
        let names = subject.components(separatedBy: ", ")
        let table = names.first.flatMap { $0.split(separator: ".").first }.map(String.init)
        let columns = names.compactMap { $0.split(separator: ".").last.map(String.init) }
        return ConstraintViolation(kind: kind, table: table, columns: columns)
    }
}
