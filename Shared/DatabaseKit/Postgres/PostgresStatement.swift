/// What is known of a statement by its text, and whether the connection has it prepared.
final class PostgresStatement {
    /// What running the statement can do to the database.
    enum Effect {
        /// Nothing.
        case none
        /// It changes rows, or the schema.
        case change
        /// It begins, ends or divides a transaction.
        case transaction
    }

    /// The most parameters that the SQL shared by both databases may have.
    private static let parametersMax = 999

    let sql: String
    let effect: Effect
    let parameterCount: Int
    /// Its name on the connection; nil for one that is run once, such as a change of the schema.
    let name: String?
    /// Whether the connection has it by its name.
    var isPrepared = false

    /// - Parameter number: makes its name unique on the connection
    init(_ sql: String, number: Int) throws(DatabaseError) {
        self.sql = sql
        let verb = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
        switch verb {
        case "SELECT", "VALUES", "SHOW", "EXPLAIN": effect = .none
        case "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE": effect = .transaction
        default: effect = .change
        }
        let isRepeated = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(verb) || effect == .transaction
        name = isRepeated ? "s\(number)" : nil
        parameterCount = Self.parameters(in: sql)
        guard parameterCount <= Self.parametersMax else {
            throw DatabaseError(.sql, "parameters are written $1 to $\(Self.parametersMax), in: \(sql.prefix(200))")
        }
    }

    /// The highest number of a parameter in `sql`, outside of quoted texts and names.
    private static func parameters(in sql: String) -> Int {
        var highest = 0
        var bytes = sql.utf8[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                // A doubled quote ends one text and begins the next, which comes to the same.
                bytes = bytes.drop { $0 != byte }.dropFirst()
            case UInt8(ascii: "$"):
                let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                if digits.isEmpty {
                    bytes = afterDollarQuote(bytes)
                } else {
                    highest = max(highest, Int(String(decoding: digits, as: UTF8.self)) ?? Int.max)
                    bytes = bytes.dropFirst(digits.count)
                }
            default: break
            }
        }
        return highest
    }

    /// What follows a text such as `$$ … $$` or `$body$ … $body$`, of whose opening the first `$` was read.
    private static func afterDollarQuote(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        let dollar = UInt8(ascii: "$")
        let tag = bytes.prefix { $0 != dollar }
        guard tag.allSatisfy({ $0 == UInt8(ascii: "_") || Character(UnicodeScalar($0)).isLetter }) else { return bytes }
        var rest = bytes.dropFirst(tag.count + 1)
        while !rest.isEmpty {
            rest = rest.drop { $0 != dollar }.dropFirst()
            if rest.starts(with: tag), rest.dropFirst(tag.count).first == dollar {
                return rest.dropFirst(tag.count + 1)
            }
        }
        return rest
    }
}
