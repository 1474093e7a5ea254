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

    /// A join that looks up, for each row before it, the one row of `table` for which `condition` holds.
    ///
    /// In this order whatever the planner believes: statistics that have not met a key yet make PostgreSQL think that
    /// reading everything with it costs nothing.
    package func lookUp(_ table: String, where condition: String) -> String {
        switch self {
        case .sqlite: "CROSS JOIN \(table) ON \(condition)"
        case .postgres: "CROSS JOIN LATERAL (SELECT * FROM \(table) WHERE \(condition) LIMIT 1) AS \(table)"
        }
    }
}
