import Contracts

/// Finds events by words. Engines differ; what they promise is here.
protocol SearchIndex: Sendable {
    /// The events that have all words of the query (the last may be a beginning) and pass its filter, of those that
    /// are not over at `now`. Where few have them, words with a typing mistake count as well.
    ///
    /// Whether something is left to buy is not the index's to know: ``SearchFilter/onlyAvailable`` is ignored here.
    func search(_ query: SearchQuery, at now: Timestamp) async throws -> IndexPage

    /// Up to `limit` titles, artists and venues that have all of `words`, the last as a beginning; best first.
    func suggestions(for words: [String], limit: Int, at now: Timestamp) async throws -> [String]

    /// Takes over `events`, each unless it is known in this or a later version, and remembers `cursor`: all or nothing.
    func apply(_ events: [IndexedEvent], cursor: Int64) async throws

    /// Up to where the change feed was taken over.
    func cursor() async throws -> Int64

    /// Forgets everything, the cursor too.
    func clear() async throws
}

/// One page of what an index found.
struct IndexPage: Sendable, Hashable {
    struct Hit: Sendable, Hashable {
        let eventID: String
        /// Higher is better.
        let score: Double
    }

    let hits: [Hit]
    /// Hits on all pages.
    let total: Int
    let facets: Facets
    /// What stood for the words of the query.
    let matched: [MatchedWord]
}

/// A word that the found events have.
struct MatchedWord: Sendable, Hashable {
    let folded: String
    /// Whether words that only begin so were found as well.
    let isPrefix: Bool

    func matches(_ word: String) -> Bool {
        isPrefix ? word.hasPrefix(folded) : word == folded
    }
}
