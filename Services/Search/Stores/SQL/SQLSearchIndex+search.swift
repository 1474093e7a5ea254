import Contracts
import DatabaseKit
import ServiceKit

/// Looking things up.
extension SQLSearchIndex {
    /// Fewer results than this make the index look for mistyped words as well.
    static let fewResults = 3
    /// How many documents are looked at for suggestions.
    static let suggestionCandidatesMax = 50

    func search(_ query: SearchQuery, at now: Timestamp) async throws -> IndexPage {
        try await database.read { session in
            let live = try IndexStateTable.live(session)
            let terms = query.words.isEmpty ? nil : SearchTerms(words: query.words)
            let exact = try engine.lookup(terms, query.filter, live: live, at: now, session)
            let page = try page(query, exact, session)
            guard page.total < Self.fewResults,
                let tolerantTerms = try terms?.corrected({ try engine.corrections(of: $0, live.tables, session) })
            else { return page }
            let tolerant = try engine.lookup(tolerantTerms, query.filter, live: live, at: now, session)
            return try self.page(
                query, tolerant, preferring: exact.serials(limit: Self.fewResults, session), session)
        }
    }

    func suggestions(for words: [String], limit: Int, at now: Timestamp) async throws -> [String] {
        guard !words.isEmpty else { return [] }
        return try await database.read { session in
            let live = try IndexStateTable.live(session)
            let terms = SearchTerms(words: words)
            let serials = try engine.suggestions(
                terms, limit: Self.suggestionCandidatesMax, live.tables, at: now, session)
            var suggestions = Suggestions(terms.matched, limit: limit)
            let cards = try DocumentTable(tables: live.tables).cards(serials, session)
            for serial in serials {
                if let event = cards[serial] { suggestions.offer(event) }
            }
            return suggestions.texts
        }
    }

    private func page(
        _ query: SearchQuery, _ lookup: any SQLLookup, preferring preferred: [Int64] = [], _ session: any SQLSession
    ) throws -> IndexPage {
        let matches = try lookup.page(query, preferring: preferred, session)
        let counts = try counts(query, lookup, matches, session)
        let cards = try DocumentTable(tables: lookup.live.tables).cards(matches.map(\.serial), session)
        let hits = matches.compactMap { match in
            cards[match.serial].map { IndexPage.Hit(event: $0, score: match.score) }
        }
        return IndexPage(
            hits: hits, total: counts.total, facets: counts.facets, matched: lookup.terms?.matched ?? [])
    }

    /// What a first page that is not full tells by itself needs no counting.
    private func counts(
        _ query: SearchQuery, _ lookup: any SQLLookup, _ matches: [SQLMatch], _ session: any SQLSession
    ) throws -> RecentCounts.Counts {
        if query.offset == 0, matches.count < query.limit {
            let facets = try groups.facets(matches.map { ($0.group, 1) }, of: lookup.live, session)
            return RecentCounts.Counts(total: matches.count, facets: facets)
        }
        if let key = lookup.countsKey, let counts = recentCounts.counts(key) { return counts }
        let groupCounts = try lookup.groupCounts(session)
        let counts = RecentCounts.Counts(
            total: groupCounts.reduce(0) { $0 + $1.count },
            facets: try groups.facets(groupCounts, of: lookup.live, session))
        if let key = lookup.countsKey { recentCounts.remember(counts, for: key) }
        return counts
    }
}
