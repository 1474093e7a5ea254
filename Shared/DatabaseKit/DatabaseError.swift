/// An error of the database itself, with a code to decide by and a text to read.
///
/// Messages name tables, columns and paths, never values, so that they may be logged.
package struct DatabaseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, as far as a caller can act on it.
    package enum Code: Sendable, Hashable {
        /// Too much is waiting; nothing was done. Worth a retry after a moment.
        case overloaded
        /// A constraint of the schema refused the statement.
        case constraint(ConstraintViolation)
        /// Another connection held a lock for too long.
        case busy
        /// The disk or the file's size limit is full.
        case full
        /// Reading or writing the file failed.
        case ioError
        /// The database could not be opened, or another process has it.
        case notOpen
        /// The server cannot be reached at present, or the connection to it was lost; nothing was stored. Passes.
        case unavailable
        /// The connection was lost during a commit: whether the changes were stored is not known.
        case outcomeUnknown
        /// The schema was made by a newer program than this one.
        case schemaTooNew
        /// A migration that was applied is no longer what it was.
        case migrationChanged
        /// A column is absent or holds another type than asked for.
        case decoding
        /// The statement or its parameters are wrong.
        case sql
        /// The database was closed.
        case closed
    }

    /// What went wrong.
    package let code: Code

    /// A sentence for people.
    package let message: String

    /// An error with `code`, explained by `message`.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The violated constraint, when that is what happened.
    package var constraint: ConstraintViolation? {
        if case .constraint(let violation) = code { violation } else { nil }
    }

    /// Whether a row with the same unique or primary key was already there.
    package var isUniqueViolation: Bool {
        constraint?.kind == .unique
    }

    package var description: String {
        "\(code): \(message)"
    }
}

/// Which constraint refused a statement.
package struct ConstraintViolation: Sendable, Hashable {
    /// The kinds of constraint that both databases know.
    package enum Kind: Sendable, Hashable {
        /// A unique index or a primary key.
        case unique
        /// A `CHECK` expression.
        case check
        /// A reference to a row that does not exist, or from a row that still does.
        case foreignKey
        /// A `NOT NULL` column.
        case notNull
        /// Anything else: a trigger, a strict type.
        case other
    }

    /// The kind of the constraint.
    package let kind: Kind

    /// The table, when the database named it.
    package let table: String?

    /// The columns, in index order, when the database named them.
    package let columns: [String]

    /// The constraint's own name, when the database named it (SQLite does for `CHECK` only).
    package let name: String?

    /// A violation as the driver understood it.
    package init(kind: Kind, table: String? = nil, columns: [String] = [], name: String? = nil) {
        self.kind = kind
        self.table = table
        self.columns = columns
        self.name = name
    }
}
