import Contracts
import DatabaseKit
import ServiceKit

/// SQLite's FTS5: ranked by BM25 with weights, mistyped words corrected by the index's own trigrams.
struct FTS5Engine: SQLTextEngine {
    func schema(_ tables: CopyTables) -> [String] { FTS5Schema.statements(tables) }

    func add(
        _ words: FieldWords, _ stored: DocumentTable.Stored, _ tables: CopyTables, _ session: any SQLSession
    ) throws {
        try FTS5TextTable(tables: tables).add(words, stored, session)
    }

    func remove(
        _ words: FieldWords, _ stored: DocumentTable.Stored, _ tables: CopyTables, _ session: any SQLSession
    ) throws {
        try FTS5TextTable(tables: tables).remove(words, stored, session)
    }

    /// FTS5 counts by itself which words are left, so nothing has to be taken away.
    func learn(
        added: [Set<String>], removed: [Set<String>], _ tables: CopyTables, _ session: any SQLSession
    ) throws {
        try FTS5Vocabulary(tables: tables).add(Set(added.joined()), session)
    }

    func clearing(_ tables: CopyTables) -> [String] {
        [tables.texts, tables.termTrigrams].map { "INSERT INTO \($0) (\($0)) VALUES ('delete-all')" }
            + ["DELETE FROM \(tables.terms)"]
    }

    func corrections(
        of place: SearchTerms.Place, _ tables: CopyTables, _ session: any SQLSession
    ) throws -> [String] {
        try FTS5Vocabulary(tables: tables).corrections(of: place, session)
    }

    func lookup(
        _ terms: SearchTerms?, _ filter: SearchFilter, live: IndexStateTable.Live, at now: Timestamp,
        _ session: any SQLSession
    ) throws -> any SQLLookup {
        try FTS5Lookup(terms, filter, live: live, at: now, session)
    }

    func suggestions(
        _ terms: SearchTerms, limit: Int, _ tables: CopyTables, at now: Timestamp, _ session: any SQLSession
    ) throws -> [Int64] {
        var condition = Condition()
        condition.require("\(tables.texts) MATCH #", "{title artist venue} : (\(FTS5Expression.text(terms)))")
        var source = tables.texts
        // A look at the document of every match would take longer than finding and ranking them all.
        if try DocumentTable(tables: tables).hasEnded(at: now, session) {
            source += " JOIN \(tables.documents) d ON d.serial = \(FTS5Schema.serial(tables))"
            condition.require("d.ends_at > #", now)
        }
        let count = condition.add(limit)
        return try session.query(
            """
            SELECT \(FTS5Schema.serial(tables)) FROM \(source) WHERE \(condition.sql)
            ORDER BY \(FTS5Lookup.ranking(tables)), \(tables.texts).rowid LIMIT \(count)
            """, condition.parameters
        ).map { try $0.int64(0) }
    }
}
