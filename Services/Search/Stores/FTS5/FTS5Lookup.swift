import Contracts
import DatabaseKit
import ServiceKit

/// What is looked up on SQLite: words under a filter, or all events under it, in one copy.
///
/// Only filters that look at single events join the documents to the matches; counting and ranking by words alone do
/// without.
struct FTS5Lookup: SQLLookup {
    let live: IndexStateTable.Live
    let terms: SearchTerms?
    private let source: String
    private let condition: Condition
    let countsKey: CountsKey?
    private let hasJoin: Bool
    private let join: String

    init(
        _ terms: SearchTerms?, _ filter: SearchFilter, live: IndexStateTable.Live, at now: Timestamp,
        _ session: any SQLSession
    ) throws {
        let tables = live.tables
        let hasEnded = try DocumentTable(tables: tables).hasEnded(at: now, session)
        let expression = terms.map(FTS5Expression.text)
        var condition = Condition()
        if let expression { condition.require("\(tables.texts) MATCH #", expression) }
        if terms == nil { condition.require("d.is_listed = 1") }
        if terms == nil || hasEnded { condition.require("d.ends_at > #", now) }
        let looksAtDocuments = condition.requireDocument(filter, tables)
        condition.requireGroup(filter, tables, terms == nil ? "d.group_id" : FTS5Schema.group(tables))
        self.live = live
        self.terms = terms
        self.condition = condition
        hasJoin = terms != nil && (hasEnded || looksAtDocuments)
        join = "JOIN \(tables.documents) d ON d.serial = \(FTS5Schema.serial(tables))"
        source = terms == nil ? "\(tables.documents) d" : tables.texts + (hasJoin ? " \(join)" : "")
        countsKey =
            looksAtDocuments || hasEnded
            ? nil
            : CountsKey(live: live, expression: expression ?? "", city: filter.city, category: filter.category)
    }

    func groupCounts(_ session: any SQLSession) throws -> [(group: Int64, count: Int)] {
        try session.query(
            "SELECT \(group), COUNT(*) FROM \(source) WHERE \(condition.sql) GROUP BY 1", condition.parameters
        ).map { (group: try $0.int64(0), count: try $0.int(1)) }
    }

    func serials(limit: Int, _ session: any SQLSession) throws -> [Int64] {
        var condition = condition
        let count = condition.add(limit)
        return try session.query(
            "SELECT \(serial) FROM \(source) WHERE \(condition.sql) LIMIT \(count)", condition.parameters
        ).map { try $0.int64(0) }
    }

    func page(
        _ query: SearchQuery, preferring preferred: [Int64], _ session: any SQLSession
    ) throws -> [SQLMatch] {
        var (condition, source) = (condition, source)
        let score = score(preferring: preferred, &condition)
        let order: String
        switch query.sort {
        case .relevance: order = terms == nil ? "d.event_date, d.serial" : "score DESC, \(live.tables.texts).rowid"
        case .date: order = "d.event_date, d.serial"
        case .price: order = "d.min_price, d.event_date, d.serial"
        }
        if terms != nil, !hasJoin, query.sort != .relevance { source += " \(join)" }
        let (limit, offset) = (condition.add(query.limit), condition.add(query.offset))
        return try session.query(
            """
            SELECT \(serial), \(group), \(score) AS score FROM \(source) WHERE \(condition.sql)
            ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)
            """, condition.parameters
        ).map(SQLMatch.init)
    }

    private var group: String { terms == nil ? "d.group_id" : FTS5Schema.group(live.tables) }

    private var serial: String { terms == nil ? "d.serial" : FTS5Schema.serial(live.tables) }

    /// A word in the title says more than one in the description: title, artist, venue, city, category, description.
    static func ranking(_ tables: CopyTables) -> String { "bm25(\(tables.texts), 10.0, 8.0, 4.0, 3.0, 3.0, 1.0)" }

    private func score(preferring preferred: [Int64], _ condition: inout Condition) -> String {
        guard terms != nil else { return "0.0" }
        let ranking = Self.ranking(live.tables)
        guard !preferred.isEmpty else { return "-\(ranking)" }
        let places = preferred.map { condition.add($0) }.joined(separator: ", ")
        return "(CASE WHEN \(serial) IN (\(places)) THEN \(Self.exactBonus) ELSE 0.0 END - \(ranking))"
    }
}
