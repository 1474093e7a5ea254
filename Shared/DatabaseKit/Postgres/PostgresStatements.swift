/// The statements of one connection by their text.
struct PostgresStatements {
    /// The most statements kept: a program has far fewer, unless it writes values into its SQL.
    private static let statementsMax = 512

    private var known: [String: PostgresStatement] = [:]
    private var count = 0

    /// Whether those prepared so far must be forgotten by the server, too, before another one is made.
    var isFull: Bool { known.count >= Self.statementsMax }

    /// The statement with the text `sql`.
    mutating func statement(_ sql: String) throws(DatabaseError) -> PostgresStatement {
        if let statement = known[sql] { return statement }
        // Numbers are never used again: what the server still has under an old name is nobody else's.
        count += 1
        let statement = try PostgresStatement(sql, number: count)
        known[sql] = statement
        return statement
    }

    /// Forgets the statement `sql`; whether the connection had it prepared.
    mutating func remove(_ sql: String) -> Bool {
        known.removeValue(forKey: sql)?.isPrepared ?? false
    }

    /// Forgets all of them.
    mutating func removeAll() {
        known.removeAll()
    }
}
