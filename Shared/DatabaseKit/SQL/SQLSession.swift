/// A database as seen from inside one read or one write unit.
///
/// Sessions are synchronous and stay inside the closure they were given to. Statements are prepared once per
/// connection and kept, so the text should be constant; parameters are written `$1` … `$n`, may repeat and may come
/// in any order.
package protocol SQLSession {
    /// The dialect of its database, for the few statements that cannot be said in one way.
    var dialect: SQLDialect { get }

    /// Runs a statement to its end and returns its rows: a `SELECT`, or a change with `RETURNING`.
    ///
    /// Errors: ``DatabaseError`` with `sql` when the statement or the number of parameters is wrong, `constraint`
    /// when the schema refuses a change.
    func query(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> [SQLRow]

    /// Runs a statement to its end and returns how many rows it inserted, updated (matched) or deleted; 0 for any
    /// other statement. Errors as ``query(_:_:)-(_,[any_SQLValueConvertible])``.
    @discardableResult
    func execute(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> Int

    /// Runs a change of which the unit knows already what it will do: change `rows` rows, or any number when nil.
    ///
    /// On PostgreSQL nobody waits for it: it goes out with the next statement, and its answer is read with that one's.
    /// Should it turn out otherwise, for which `failure` stands, the units of the transaction run once more, every
    /// change awaited; then it throws `failure`, as it does on SQLite at once. So nothing of a unit whose demand was not
    /// met is ever kept. Not for what fails in the ordinary course of things, since running again is dear.
    func demand(
        rows: Int?, orThrow failure: @autoclosure () -> any Error, _ sql: String,
        _ parameters: [any SQLValueConvertible]) throws

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

    /// Runs a change of which the unit knows already what it will do.
    package func demand(
        rows: Int?,
        orThrow failure: @autoclosure () -> any Error = DatabaseError(.sql, "a change did not do what it had to"),
        _ sql: String, _ parameters: any SQLValueConvertible...
    ) throws {
        try demand(rows: rows, orThrow: failure(), sql, parameters)
    }

    /// Runs a statement to its end and returns how many rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ parameters: any SQLValueConvertible...) throws -> Int {
        try execute(sql, parameters)
    }
}
