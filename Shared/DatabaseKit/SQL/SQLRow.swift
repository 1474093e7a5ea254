/// The names of a result's columns, shared by its rows.
package final class SQLColumns: Sendable {
    /// The names, left to right, in lower case as written in the statement.
    package let names: [String]

    /// Columns called `names`.
    package init(names: [String]) {
        self.names = names
    }
}

/// One row of a result.
///
/// Columns are read by name or by position from 0. Reading a column that is absent, or as a type it does not hold,
/// throws ``DatabaseError/Code/decoding``: a wrong row must never pass as a plausible value.
package struct SQLRow: Sendable {
    /// The names of the columns.
    package let columns: SQLColumns

    /// The values, left to right.
    package let values: [SQLValue]

    /// A row of `values` under `columns`.
    package init(columns: SQLColumns, values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// The value of the column called `name`.
    package func value(_ name: String) throws(DatabaseError) -> SQLValue {
        // Rows are narrow and names short (compared as two machine words): a scan beats hashing.
        for index in columns.names.indices where columns.names[index] == name {
            return values[index]
        }
        throw DatabaseError(.decoding, "the result has no column \"\(name)\"")
    }

    /// The value of the column at `index`, counted from 0.
    package func value(_ index: Int) throws(DatabaseError) -> SQLValue {
        guard values.indices.contains(index) else {
            throw DatabaseError(.decoding, "the result has no column \(index)")
        }
        return values[index]
    }
}

// MARK: - By name

extension SQLRow {
    /// The text in the column called `name`.
    package func string(_ name: String) throws(DatabaseError) -> String {
        try Self.string(value(name), name)
    }

    /// The integer in the column called `name`.
    package func int64(_ name: String) throws(DatabaseError) -> Int64 {
        try Self.int64(value(name), name)
    }

    /// The integer in the column called `name`.
    package func int(_ name: String) throws(DatabaseError) -> Int {
        Int(try int64(name))
    }

    /// The number in the column called `name`.
    package func double(_ name: String) throws(DatabaseError) -> Double {
        try Self.double(value(name), name)
    }

    /// The truth value (0 or 1) in the column called `name`.
    package func bool(_ name: String) throws(DatabaseError) -> Bool {
        try Self.bool(value(name), name)
    }

    /// The text in the column called `name`, or nil for `NULL`.
    package func optionalString(_ name: String) throws(DatabaseError) -> String? {
        let value = try value(name)
        return value == .null ? nil : try Self.string(value, name)
    }

    /// The integer in the column called `name`, or nil for `NULL`.
    package func optionalInt64(_ name: String) throws(DatabaseError) -> Int64? {
        let value = try value(name)
        return value == .null ? nil : try Self.int64(value, name)
    }

    /// The integer in the column called `name`, or nil for `NULL`.
    package func optionalInt(_ name: String) throws(DatabaseError) -> Int? {
        try optionalInt64(name).map { Int($0) }
    }

    /// The number in the column called `name`, or nil for `NULL`.
    package func optionalDouble(_ name: String) throws(DatabaseError) -> Double? {
        let value = try value(name)
        return value == .null ? nil : try Self.double(value, name)
    }

    /// The truth value in the column called `name`, or nil for `NULL`.
    package func optionalBool(_ name: String) throws(DatabaseError) -> Bool? {
        let value = try value(name)
        return value == .null ? nil : try Self.bool(value, name)
    }
}

// MARK: - By position

extension SQLRow {
    /// The text in the column at `index`.
    package func string(_ index: Int) throws(DatabaseError) -> String {
        try Self.string(value(index), index)
    }

    /// The integer in the column at `index`.
    package func int64(_ index: Int) throws(DatabaseError) -> Int64 {
        try Self.int64(value(index), index)
    }

    /// The integer in the column at `index`.
    package func int(_ index: Int) throws(DatabaseError) -> Int {
        Int(try int64(index))
    }

    /// The number in the column at `index`.
    package func double(_ index: Int) throws(DatabaseError) -> Double {
        try Self.double(value(index), index)
    }

    /// The truth value (0 or 1) in the column at `index`.
    package func bool(_ index: Int) throws(DatabaseError) -> Bool {
        try Self.bool(value(index), index)
    }

    /// The text in the column at `index`, or nil for `NULL`.
    package func optionalString(_ index: Int) throws(DatabaseError) -> String? {
        let value = try value(index)
        return value == .null ? nil : try Self.string(value, index)
    }

    /// The integer in the column at `index`, or nil for `NULL`.
    package func optionalInt64(_ index: Int) throws(DatabaseError) -> Int64? {
        let value = try value(index)
        return value == .null ? nil : try Self.int64(value, index)
    }
}

// MARK: - Values as types

extension SQLRow {
    private static func string(_ value: SQLValue, _ column: some Any) throws(DatabaseError) -> String {
        guard case .text(let text) = value else { throw mismatch(column, value, "text") }
        return text
    }

    private static func int64(_ value: SQLValue, _ column: some Any) throws(DatabaseError) -> Int64 {
        guard case .integer(let integer) = value else { throw mismatch(column, value, "an integer") }
        return integer
    }

    private static func double(_ value: SQLValue, _ column: some Any) throws(DatabaseError) -> Double {
        switch value {
        case .real(let real): return real
        case .integer(let integer): return Double(integer)
        default: throw mismatch(column, value, "a number")
        }
    }

    private static func bool(_ value: SQLValue, _ column: some Any) throws(DatabaseError) -> Bool {
        switch value {
        case .integer(0): return false
        case .integer(1): return true
        default: throw mismatch(column, value, "0 or 1")
        }
    }

    /// Says what was found by its type only: values may be personal.
    private static func mismatch(_ column: some Any, _ value: SQLValue, _ wanted: String) -> DatabaseError {
        let found =
            switch value {
            case .null: "NULL"
            case .integer: "an integer"
            case .real: "a real number"
            case .text: "text"
            }
        return DatabaseError(.decoding, "column \"\(column)\" holds \(found), not \(wanted)")
    }
}
