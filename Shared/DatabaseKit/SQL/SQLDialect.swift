/// The few differences between databases that schema statements have to know.
///
/// Queries know none: they use the SQL that SQLite 3.40 and PostgreSQL 15 share.
package enum SQLDialect: Sendable, Hashable {
    /// SQLite, one file per service.
    case sqlite
    /// PostgreSQL, one database per service.
    case postgres

    /// The table option that stores rows in the order of their primary key, to be put after the closing parenthesis
    /// of `CREATE TABLE`. Neighbouring keys then share pages, and a commit writes fewer of them. PostgreSQL has none.
    package var keyOrdered: String {
        switch self {
        case .sqlite: "WITHOUT ROWID"
        case .postgres: ""
        }
    }
}
