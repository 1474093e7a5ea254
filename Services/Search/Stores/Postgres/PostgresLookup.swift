import Contracts
import DatabaseKit
import ServiceKit

/// What is looked up on PostgreSQL: words under a filter, or all events under it, in one copy.
struct PostgresLookup: SQLLookup {
    let live: IndexStateTable.Live
    let terms: SearchTerms?
    let countsKey: CountsKey?
    private let condition: Condition
    /// The words' query in SQL; nil without words.
    private let textQuery: String?

    init(
        _ terms: SearchTerms?, _ filter: SearchFilter, live: IndexStateTable.Live, at now: Timestamp,
        _ session: any SQLSession
    ) throws {
        var condition = Condition()
        let expression = terms.map(PostgresVector.query)
        if let expression {
            let query = "CAST(\(condition.add(expression)) AS tsquery)"
            condition.require("d.texts @@ \(query)")
            textQuery = query
        } else {
            textQuery = nil
        }
        condition.require("d.is_listed = 1")
        condition.require("d.ends_at > #", now)
        let looksAtDocuments = condition.requireDocument(filter, live.tables)
        condition.requireGroup(filter, live.tables, "d.group_id")
        let hasEnded = try DocumentTable(tables: live.tables).hasEnded(at: now, session)
        self.live = live
        self.terms = terms
        self.condition = condition
        countsKey =
            looksAtDocuments || hasEnded
            ? nil
            : CountsKey(live: live, expression: expression ?? "", city: filter.city, category: filter.category)
    }

    func groupCounts(_ session: any SQLSession) throws -> [(group: Int64, count: Int)] {
        try session.query(
            "SELECT d.group_id, COUNT(*) FROM \(live.tables.documents) d WHERE \(condition.sql) GROUP BY d.group_id",
            condition.parameters
        ).map { (group: try $0.int64(0), count: Int(try $0.int64(1))) }
    }

    func serials(limit: Int, _ session: any SQLSession) throws -> [Int64] {
        var condition = condition
        let count = condition.add(limit)
        return try session.query(
            "SELECT d.serial FROM \(live.tables.documents) d WHERE \(condition.sql) LIMIT \(count)",
            condition.parameters
        ).map { try $0.int64(0) }
    }

    func page(
        _ query: SearchQuery, preferring preferred: [Int64], _ session: any SQLSession
    ) throws -> [SQLMatch] {
        var condition = condition
        let score = score(preferring: preferred, &condition)
        let order =
            switch query.sort {
            case .relevance: "score DESC, d.event_date, d.serial"
            case .date: "d.event_date, d.serial"
            case .price: "d.min_price, d.event_date, d.serial"
            }
        let (limit, offset) = (condition.add(query.limit), condition.add(query.offset))
        return try session.query(
            """
            SELECT d.serial, d.group_id, \(score) AS score FROM \(live.tables.documents) d WHERE \(condition.sql)
            ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)
            """, condition.parameters
        ).map(SQLMatch.init)
    }

    /// How well `vector` has the words of `query`; an artist or a title that is `phrase`, or begins so, has them best.
    static func score(_ vector: String, _ query: String, _ phrase: String) -> String {
        func closeness(_ key: String) -> String {
            """
            CASE WHEN starts_with(\(key), CAST(\(phrase) AS TEXT))
            THEN CAST(char_length(CAST(\(phrase) AS TEXT)) AS DOUBLE PRECISION) / char_length(\(key)) ELSE 0 END
            """
        }
        return """
            (CAST(ts_rank(CAST('{0.05, 0.3, 0.8, 1.0}' AS REAL[]), \(vector), \(query), 1) AS DOUBLE PRECISION)
            + 2 * \(closeness("d.artist_key")) + 2 * \(closeness("d.title_key")))
            """
    }

    private func score(preferring preferred: [Int64], _ condition: inout Condition) -> String {
        guard let textQuery, let terms else { return "CAST(0 AS DOUBLE PRECISION)" }
        var score = Self.score("d.texts", textQuery, condition.add(terms.phrase))
        if terms.places.count > 1 {
            let phrase = condition.add(PostgresVector.phrase(terms))
            score += " + CASE WHEN d.texts @@ CAST(\(phrase) AS tsquery) THEN 1 ELSE 0 END"
        }
        if !preferred.isEmpty {
            let places = preferred.map { condition.add($0) }.joined(separator: ", ")
            score += " + CASE WHEN d.serial IN (\(places)) THEN \(Self.exactBonus) ELSE 0 END"
        }
        return "(\(score))"
    }
}
