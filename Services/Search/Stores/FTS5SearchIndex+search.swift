import Contracts
import DatabaseKit
import ServiceKit

/// Looking things up.
extension FTS5SearchIndex {
    /// Fewer results than this make the index look for mistyped words as well.
    static let fewResults = 3
    /// What right spelling adds to a score; more than any ranking gives.
    static let exactBonus = 1000.0
    /// How many documents are looked at for suggestions.
    static let suggestionCandidatesMax = 50

    func search(_ query: SearchQuery, at now: Timestamp) async throws -> IndexPage {
        try await database.read { session in
            let condition = DocumentCondition(query.filter, at: now)
            guard !query.words.isEmpty else {
                return try Self.page(
                    query, Lookup(nil, condition), Self.count(Lookup(nil, condition), session), session)
            }
            let exact = Lookup(MatchExpression(words: query.words), condition)
            let count = try Self.count(exact, session)
            guard count.total < Self.fewResults, let expression = exact.expression,
                let tolerant = try Self.correct(expression, session)
            else { return try Self.page(query, exact, count, session) }
            var lookup = Lookup(tolerant, condition)
            lookup.exactDocuments = try Self.documents(exact, session)
            return try Self.page(query, lookup, Self.count(lookup, session), session)
        }
    }

    func suggestions(for words: [String], limit: Int, at now: Timestamp) async throws -> [String] {
        guard !words.isEmpty else { return [] }
        return try await database.read { session in
            var condition = DocumentCondition(SearchFilter(), at: now)
            let expression = MatchExpression(words: words)
            let match = condition.add("{title artist venue} : (\(expression.text))")
            let rows = try session.query(
                """
                SELECT t.title, t.artist, t.venue
                FROM event_texts JOIN documents d ON d.docid = event_texts.rowid JOIN texts t ON t.docid = d.docid
                WHERE event_texts MATCH \(match) AND \(condition.sql)
                ORDER BY \(Self.ranking), d.event_date, d.docid LIMIT \(Self.suggestionCandidatesMax)
                """,
                condition.parameters)
            var suggestions = Suggestions(expression.matched, limit: limit)
            for row in rows {
                for column in 0..<3 { suggestions.offer(try row.string(column)) }
            }
            return suggestions.texts
        }
    }

    /// What is looked up: words, or all documents when there are none, under a condition.
    private struct Lookup {
        let expression: MatchExpression?
        private let condition: DocumentCondition
        /// Those that have the words rightly spelled, when `expression` allows for mistakes.
        var exactDocuments: [Int64] = []

        init(_ expression: MatchExpression?, _ condition: DocumentCondition) {
            self.expression = expression
            self.condition = condition
        }

        /// `FROM … WHERE …` and its values.
        var source: (sql: String, condition: DocumentCondition) {
            var condition = condition
            guard let expression else { return ("FROM documents d WHERE \(condition.sql)", condition) }
            let match = condition.add(expression.text)
            let sql = """
                FROM event_texts JOIN documents d ON d.docid = event_texts.rowid
                WHERE event_texts MATCH \(match) AND \(condition.sql)
                """
            return (sql, condition)
        }

        var score: String {
            guard expression != nil else { return "0.0" }
            guard !exactDocuments.isEmpty else { return "-\(FTS5SearchIndex.ranking)" }
            let ids = exactDocuments.map(String.init).joined(separator: ",")
            return "(CASE WHEN d.docid IN (\(ids)) THEN \(exactBonus) ELSE 0.0 END - \(FTS5SearchIndex.ranking))"
        }
    }

    private static func count(_ lookup: Lookup, _ session: any SQLSession) throws -> (total: Int, facets: Facets) {
        let source = lookup.source
        let rows = try session.query(
            """
            SELECT MIN(d.city), MIN(d.category), COUNT(*) \(source.sql) GROUP BY d.city_key, d.category_key
            """,
            source.condition.parameters)
        var total = 0
        var facets = Facets()
        for row in rows {
            let count = try row.int(2)
            total += count
            facets.add(city: try row.string(0), category: try row.string(1), count: count)
        }
        return (total, facets)
    }

    private static func page(
        _ query: SearchQuery, _ lookup: Lookup, _ count: (total: Int, facets: Facets), _ session: any SQLSession
    ) throws -> IndexPage {
        var (sql, condition) = lookup.source
        let order =
            switch query.sort {
            case .relevance: "score DESC, d.event_date, d.docid"
            case .date: "d.event_date, d.docid"
            case .price: "d.min_price, d.event_date, d.docid"
            }
        let (limit, offset) = (condition.add(query.limit), condition.add(query.offset))
        let rows = try session.query(
            "SELECT d.event_id, \(lookup.score) AS score \(sql) ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)",
            condition.parameters)
        let hits = try rows.map { row in
            IndexPage.Hit(eventID: try row.string(0), score: try row.double(1))
        }
        return IndexPage(
            hits: hits, total: count.total, facets: count.facets, matched: lookup.expression?.matched ?? [])
    }

    /// The few documents that have the words as they were typed.
    private static func documents(_ lookup: Lookup, _ session: any SQLSession) throws -> [Int64] {
        let source = lookup.source
        return try session.query("SELECT d.docid \(source.sql) LIMIT \(fewResults)", source.condition.parameters)
            .map { row in try row.int64(0) }
    }

    /// `expression` with the words that mistyped ones may have been meant to be; nil when there are none.
    private static func correct(
        _ expression: MatchExpression, _ session: any SQLSession
    ) throws -> MatchExpression? {
        var corrected = expression
        for index in corrected.places.indices {
            corrected.places[index].corrections = try Vocabulary.corrections(of: corrected.places[index], session)
        }
        return corrected == expression ? nil : corrected
    }
}
