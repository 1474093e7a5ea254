/// A database as seen from inside one read or one write unit.
///
/// Sessions are synchronous and stay inside the closure they were given to. Statements are prepared once per
/// connection and kept, so the text should be constant; parameters are written `$1` … `$n`, may repeat and may come
/// in any order.
package protocol SQLSession {
    /// Runs a statement to its end and returns its rows: a `SELECT`, or a change with `RETURNING`.
    ///
    /// Errors: ``DatabaseError`` with `sql` when the statement or the number of parameters is wrong, `constraint`
    /// when the schema refuses a change.
    func query(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> [SQLRow]

    /// Runs a statement to its end and returns how many rows it inserted, updated (matched) or deleted; 0 for any
    /// other statement. Errors as ``query(_:_:)-(_,[any_SQLValueConvertible])``.
    @discardableResult
    func execute(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> Int

    /// Names something that this write unit changes, for ``Database/observeCommits(_:)``; costs no statement.
    func announce(_ subject: String)
}

extension SQLSession {
    /// Runs a statement to its end and returns its rows.
    package func query(_ sql: String, _ parameters: any SQLValueConvertible...) throws -> [SQLRow] {
        try query(sql, parameters)
    }

    /// Runs a statement to its end and returns its first row, if there is any.
    package func first(_ sql: String, _ parameters: any SQLValueConvertible...) throws -> SQLRow? {
        try query(sql, parameters).first
    }

    /// Runs a statement to its end and returns how many rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ parameters: any SQLValueConvertible...) throws -> Int {
        try execute(sql, parameters)
    }
}
