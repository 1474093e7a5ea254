import DatabaseKit

/// The schema of the search database. An index is made from the change feed, so a step may drop what it replaces.
enum SearchMigrations {
    static let all = [
        Migration(number: 1, name: "documents", statements: { $0 == .sqlite ? FirstSchema.documents : [] }),
        Migration(number: 2, name: "full text", statements: { $0 == .sqlite ? FirstSchema.fullText : [] }),
        Migration(number: 3, name: "two copies", statements: twoCopies),
        Migration(number: 4, name: "cards", statements: cards),
    ]

    /// The full text of a database.
    static func engine(_ dialect: SQLDialect) -> any SQLTextEngine {
        switch dialect {
        case .sqlite: FTS5Engine()
        case .postgres: PostgresEngine()
        }
    }

    @Sendable private static func twoCopies(_ dialect: SQLDialect) -> [String] {
        let before =
            switch dialect {
            case .sqlite: FirstSchema.drop
            case .postgres: [PostgresEngine.extensionStatement]
            }
        let copies = [CopyTables.a, CopyTables.b].flatMap { tables in
            DocumentTable.schema(tables, dialect) + engine(dialect).schema(tables)
        }
        return before + IndexStateTable.schema + copies
    }

    /// Events are kept as they are shown, not as the feed told them: both copies begin anew.
    @Sendable private static func cards(_ dialect: SQLDialect) -> [String] {
        let copies = [CopyTables.a, CopyTables.b].flatMap { tables in
            DocumentTable.cardSchema(tables, dialect) + CopyWriter.clearing(tables, engine(dialect))
        }
        return copies + [
            "UPDATE index_copies SET feed_position = 0",
            "UPDATE index_state SET last_build = last_build + 1, is_building = 0",
        ]
    }
}
