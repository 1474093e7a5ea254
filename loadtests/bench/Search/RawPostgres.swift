import Contracts
import DatabaseKit

/// PostgreSQL's full text with one table, two vectors and their indexes.
final class RawPostgres: RawText {
    private let database: PostgresDatabase

    private static let eventsPerCommit = 2000

    private static let schema = Migration(number: 1, name: "texts") { _ in
        [
            "CREATE TABLE texts (id BIGINT NOT NULL PRIMARY KEY, texts tsvector NOT NULL, names tsvector NOT NULL)",
            "CREATE INDEX texts_by_text ON texts USING gin (texts)",
            "CREATE INDEX texts_by_name ON texts USING gin (names)",
        ]
    }

    private static let insertion = """
        INSERT INTO texts (id, texts, names) VALUES ($1,
            setweight(to_tsvector('simple', $2), 'A') || setweight(to_tsvector('simple', $3), 'B')
                || setweight(to_tsvector('simple', $4), 'C') || setweight(to_tsvector('simple', $5), 'D'),
            setweight(to_tsvector('simple', $2), 'A') || setweight(to_tsvector('simple', $3), 'B')
                || setweight(to_tsvector('simple', $6), 'C'))
        """

    /// Indexes a whole catalogue in the empty database at `url`.
    init(_ catalogue: SearchCatalogue, _ url: String) async throws {
        database = try await PostgresDatabase.open(url)
        try await database.migrate([Self.schema])
        for start in stride(from: 0, to: catalogue.count, by: Self.eventsPerCommit) {
            try await database.write { session in
                for number in start..<min(start + Self.eventsPerCommit, catalogue.count) {
                    let event = catalogue.event(number)
                    let place = [event.venue, event.city ?? "", event.category ?? ""].joined(separator: " ")
                    try session.execute(
                        Self.insertion, number + 1, event.title, event.artist ?? "", place, event.description ?? "",
                        event.venue)
                }
            }
        }
    }

    func search(_ text: String) async throws { try await find("texts", text, limit: 20) }

    func suggest(_ text: String) async throws { try await find("names", text, limit: 10) }

    func close() async { await database.close() }

    private func find(_ column: String, _ text: String, limit: Int) async throws {
        let words = Self.words(text).map { "'\($0)'" }
        let expression = (words.dropLast() + [(words.last ?? "''") + ":*"]).joined(separator: " & ")
        _ = try await database.read { session in
            try session.query(
                """
                SELECT id, CAST(ts_rank(\(column), q, 1) AS DOUBLE PRECISION) AS rank
                FROM texts, to_tsquery('simple', $1) q WHERE \(column) @@ q ORDER BY rank DESC LIMIT $2
                """, expression, limit)
        }
    }
}
