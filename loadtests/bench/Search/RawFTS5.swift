import Contracts
import DatabaseKit
import Synchronization
import TestSupport

/// The same texts in a bare FTS5 table: the least that a search for them can cost on SQLite.
final class RawFTS5: Sendable {
    private let folder: TemporaryDirectory
    private let database: SQLiteDatabase
    private let next = Atomic<Int>(0)

    private static let eventsPerCommit = 2000

    private static let schema = Migration(number: 1, name: "texts") { _ in
        [
            """
            CREATE VIRTUAL TABLE texts USING fts5(
                title, artist, venue, city, category, description, content='',
                tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')
            """
        ]
    }

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

    /// Looks for one query after the other: its words in any column, the last as a beginning, the best twenty.
    func load(_ queries: [String], _ options: RunOptions) async throws -> Sample {
        let expressions = queries.map(Self.expression)
        return try await TaskLoad.measure(tasks: 1, options) { [self] _ in
            let expression = expressions[next.wrappingAdd(1, ordering: .relaxed).oldValue % expressions.count]
            _ = try await database.read { session in
                try session.query(
                    """
                    SELECT rowid, bm25(texts, 10.0, 8.0, 4.0, 3.0, 3.0, 1.0) AS rank FROM texts WHERE texts MATCH $1
                    ORDER BY rank LIMIT 20
                    """, expression)
            }
        }
    }

    func close() async { await database.close() }

    private static func expression(_ query: String) -> String {
        let words = query.split(separator: " ").map { "\"\($0)\"" }
        let last = words.last ?? "\"\""
        let all = (words.dropLast() + ["(\(last) OR \(last) *)"]).joined(separator: " AND ")
        return words.count > 1 ? "(\(all)) OR \"\(query)\"" : all
    }
}
