import Contracts
import DatabaseKit
import ServiceKit

/// PostgreSQL's full text: `tsvector` of our own words, `pg_trgm` for mistyped ones.
///
/// Words are cut and folded by us and handed over as finished vectors and queries, so the server's locale, dictionaries
/// and parser have no say, and the extension `unaccent` is not needed.
struct PostgresEngine: SQLTextEngine {
    /// Needs an owner's right on the database, and the server's package of contributed extensions.
    static let extensionStatement = "CREATE EXTENSION IF NOT EXISTS pg_trgm"

    func schema(_ tables: CopyTables) -> [String] {
        [
            """
            ALTER TABLE \(tables.documents)
                ADD COLUMN texts tsvector, ADD COLUMN names tsvector,
                ADD COLUMN title_key TEXT NOT NULL DEFAULT '', ADD COLUMN artist_key TEXT NOT NULL DEFAULT ''
            """,
            "CREATE INDEX \(tables.documents)_by_text ON \(tables.documents) USING gin (texts)",
            "CREATE INDEX \(tables.documents)_by_name ON \(tables.documents) USING gin (names)",
            "CREATE TABLE \(tables.words) (word TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, events BIGINT NOT NULL)",
            "CREATE INDEX \(tables.words)_by_trigram ON \(tables.words) USING gin (word gin_trgm_ops)",
        ]
    }

    func add(
        _ words: FieldWords, _ stored: DocumentTable.Stored, _ tables: CopyTables, _ session: any SQLSession
    ) throws {
        try session.execute(
            """
            UPDATE \(tables.documents) SET texts = CAST($1 AS tsvector), names = CAST($2 AS tsvector), title_key = $3,
                artist_key = $4
            WHERE serial = $5
            """,
            PostgresVector.texts(words), PostgresVector.names(words), words.title.joined(separator: " "),
            words.artist.joined(separator: " "), stored.serial)
    }

    func remove(
        _ words: FieldWords, _ stored: DocumentTable.Stored, _ tables: CopyTables, _ session: any SQLSession
    ) throws {
        try session.execute(
            "UPDATE \(tables.documents) SET texts = NULL, names = NULL WHERE serial = $1", stored.serial)
    }

    func learn(
        added: [Set<String>], removed: [Set<String>], _ tables: CopyTables, _ session: any SQLSession
    ) throws {
        try PostgresVocabulary(tables: tables).learn(added: added, removed: removed, session)
    }

    func clearing(_ tables: CopyTables) -> [String] { ["DELETE FROM \(tables.words)"] }

    func corrections(
        of place: SearchTerms.Place, _ tables: CopyTables, _ session: any SQLSession
    ) throws -> [String] {
        try PostgresVocabulary(tables: tables).corrections(of: place, session)
    }

    func lookup(
        _ terms: SearchTerms?, _ filter: SearchFilter, live: IndexStateTable.Live, at now: Timestamp,
        _ session: any SQLSession
    ) throws -> any SQLLookup {
        try PostgresLookup(terms, filter, live: live, at: now, session)
    }

    func suggestions(
        _ terms: SearchTerms, limit: Int, _ tables: CopyTables, at now: Timestamp, _ session: any SQLSession
    ) throws -> [Int64] {
        var condition = Condition()
        let query = "CAST(\(condition.add(PostgresVector.query(terms))) AS tsquery)"
        let score = PostgresLookup.score("d.names", query, condition.add(terms.phrase))
        condition.require("d.is_listed = 1 AND d.ends_at > #", now)
        let count = condition.add(limit)
        return try session.query(
            """
            SELECT d.serial FROM \(tables.documents) d WHERE d.names @@ \(query) AND \(condition.sql)
            ORDER BY \(score) DESC, d.event_date, d.serial LIMIT \(count)
            """, condition.parameters
        ).map { try $0.int64(0) }
    }
}
