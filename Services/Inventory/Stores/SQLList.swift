import DatabaseKit

/// Pieces of SQL for lists whose length varies within a small bound, so that each length is one cached statement.
enum SQLList {
    /// `$3,$4,$5` for three parameters after the second.
    static func parameters(_ count: Int, after bound: Int = 0) -> String {
        (0..<count).map { "$\(bound + $0 + 1)" }.joined(separator: ",")
    }
}

extension SQLRow {
    /// A column that holds the raw value of an enumeration.
    func value<Value: RawRepresentable>(_ name: String) throws(DatabaseError) -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: try string(name)) else {
            throw DatabaseError(.decoding, "column \"\(name)\" holds no \(Value.self)")
        }
        return value
    }
}
