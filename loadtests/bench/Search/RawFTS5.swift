import Contracts
import DatabaseKit
import TestSupport

/// SQLite's FTS5 with one contentless table, as the search service's own is made.
final class RawFTS5: RawText {
    private let folder: TemporaryDirectory
    private let database: SQLiteDatabase

    private static let eventsPerCommit = 2000
    private static let ranking = "bm25(texts, 10.0, 8.0, 4.0, 3.0, 3.0, 1.0)"

    private static let schema = Migration(number: 1, name: "texts") { _ in
        [
            """
            CREATE VIRTUAL TABLE texts USING fts5(
                title, artist, venue, city, category, description, content='',
                tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')
            """
        ]
    }

    /// Indexes a whole catalogue.
    init(_ catalogue: SearchCatalogue) async throws {
        folder = try TemporaryDirectory("raw-fts5")
        database = try SQLiteDatabase(path: folder.file("raw.sqlite"))
        try await database.migrate([Self.schema])
        for start in stride(from: 0, to: catalogue.count, by: Self.eventsPerCommit) {
            try await database.write { session in
                for number in start..<min(start + Self.eventsPerCommit, catalogue.count) {
                    let event = catalogue.event(number)
                    try session.execute(
                        """
                        INSERT INTO texts (rowid, title, artist, venue, city, category, description)
                        VALUES ($1, $2, $3, $4, $5, $6, $7)
                        """, number + 1, event.title, event.artist, event.venue, event.city, event.category,
                        event.description)
                }
            }
        }
    }

    func search(_ text: String) async throws {
        try await find(Self.expression(Self.words(text)), limit: 20)
    }

    func suggest(_ text: String) async throws {
        try await find("{title artist venue} : (\(Self.expression(Self.words(text))))", limit: 10)
    }

    func close() async { await database.close() }

    private func find(_ expression: String, limit: Int) async throws {
        _ = try await database.read { session in
            try session.query(
                "SELECT rowid, \(Self.ranking) AS rank FROM texts WHERE texts MATCH $1 ORDER BY rank LIMIT $2",
                expression, limit)
        }
    }

    private static func expression(_ words: [String]) -> String {
        let quoted = words.map { "\"\($0)\"" }
        let last = quoted.last ?? "\"\""
        let all = (quoted.dropLast() + ["(\(last) OR \(last) *)"]).joined(separator: " AND ")
        return words.count > 1 ? "(\(all)) OR \"\(words.joined(separator: " "))\"" : all
    }
}
