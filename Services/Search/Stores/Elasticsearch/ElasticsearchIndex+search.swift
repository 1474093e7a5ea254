import Contracts
import Foundation

/// Looking things up.
extension ElasticsearchIndex {
    func search(_ query: SearchQuery, at now: Timestamp) async throws -> IndexPage {
        let build = try await state.read().live
        let exact = try await ask(ElasticsearchQuery.search(query, at: now, forgiving: false), build)
        let mayBeMistyped = query.words.contains { TypingMistakes.lengths(for: $0) != nil }
        guard exact.hits.total.value < Self.fewResults, mayBeMistyped else {
            return try page(query, exact, corrected: false)
        }
        return try page(
            query, try await ask(ElasticsearchQuery.search(query, at: now, forgiving: true), build), corrected: true)
    }

    func suggestions(for words: [String], limit: Int, at now: Timestamp) async throws -> [String] {
        guard !words.isEmpty else { return [] }
        let body = ElasticsearchQuery.suggestions(words, at: now, limit: Self.suggestionCandidatesMax)
        let reply = try await ask(body, try await state.read().live)
        var suggestions = Suggestions(SearchTerms(words: words).matched, limit: limit)
        for hit in reply.hits.hits { suggestions.offer(try hit.source.card) }
        return suggestions.texts
    }

    func soldOut(after eventID: String, limit: Int, at now: Timestamp) async throws -> [String] {
        let body = ElasticsearchQuery.soldOut(after: eventID, limit: limit, at: now)
        let reply = try await ask(body, try await state.read().live)
        return try reply.hits.hits.map { try $0.source.card.id }
    }

    private func ask(_ body: JSONValue, _ build: Int64) async throws -> ElasticsearchReply {
        try await client.call("POST", "/\(name(build))/_search", body)
    }

    private func page(_ query: SearchQuery, _ reply: ElasticsearchReply, corrected: Bool) throws -> IndexPage {
        let hits = try reply.hits.hits.map {
            IndexPage.Hit(event: try $0.source.card, score: $0.score ?? 0)
        }
        var terms = SearchTerms(words: query.words)
        if corrected { terms = terms.corrected { place in Self.corrections(of: place, in: hits) } ?? terms }
        return IndexPage(hits: hits, total: reply.hits.total.value, facets: reply.facets, matched: terms.matched)
    }

    /// The words of the hits that stood for a mistyped one: the server forgives mistakes but does not tell them.
    private static func corrections(of place: SearchTerms.Place, in hits: [IndexPage.Hit]) -> [String] {
        guard TypingMistakes.lengths(for: place.word) != nil else { return [] }
        var counts: [String: Int] = [:]
        for hit in hits {
            for word in FieldWords(hit.event.texts).distinct { counts[word, default: 0] += 1 }
        }
        return TypingMistakes.corrections(
            of: place.word, among: counts.map { TypingMistakes.Candidate(word: $0.key, events: $0.value) })
    }
}
