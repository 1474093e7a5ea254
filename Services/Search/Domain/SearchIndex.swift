import Contracts

/// Finds events by words. Engines differ; what they promise is here, and one suite of tests holds all of them to it.
///
/// An index has one live copy, which is searched, and for the time of a rebuild a next one that takes its place at once.
protocol SearchIndex: Sendable {
    /// The events that have all words of the query (the last may be a beginning) and pass its filter, of those that
    /// are not over at `now`. Where few have them, words with a typing mistake count as well.
    ///
    /// ``SearchFilter/onlyAvailable`` leaves out what was last known to be sold out (``mark(_:)``).
    func search(_ query: SearchQuery, at now: Timestamp) async throws -> IndexPage

    /// Up to `limit` titles, artists and venues that have all of `words`, the last as a beginning; best first.
    func suggestions(for words: [String], limit: Int, at now: Timestamp) async throws -> [String]

    /// Takes over `events`, which are what the feed has after `position` and up to `cursor`, each unless it is known in
    /// this or a later version, and remembers `cursor`: all or nothing.
    ///
    /// The one door for changes; applying the same ones again changes nothing. A cursor never moves back.
    ///
    /// - Returns: false when `copy` has not come as far as `position`, as when another one became the live one since
    ///   the feed was read. Nothing is changed then: the feed is to be read again from where the copy is, or what
    ///   lies between would be missing for good.
    /// - Throws: ``SearchError/buildSuperseded`` when `copy` is a build that is not the running one.
    func apply(
        _ events: [IndexedEvent], after position: Int64, cursor: Int64, to copy: IndexCopy
    ) async throws -> Bool

    /// Up to where the change feed was taken over by `copy`.
    ///
    /// - Throws: ``SearchError/buildSuperseded`` when `copy` is a build that is not the running one.
    func cursor(of copy: IndexCopy) async throws -> Int64

    /// Takes events out that are over at `now`, so that no search has to look at them again: some, not all at once.
    func forgetEnded(at now: Timestamp) async throws

    /// The build that was begun and not promoted; nil when there is none.
    func runningBuild() async throws -> Int64?

    /// Empties the next copy and begins a build in it; a running one is superseded.
    ///
    /// - Throws: ``SearchError/buildSuperseded`` when another one was begun in the same moment.
    func beginBuild() async throws -> Int64

    /// Makes the copy that `build` filled the live one, between two searches, and lets go of the old one.
    ///
    /// - Throws: ``SearchError/buildSuperseded`` when it is not the running build.
    func promote(_ build: Int64) async throws

    /// Remembers which events have nothing left to buy, and which have again.
    func mark(_ isSoldOut: [String: Bool]) async throws

    /// Events that are marked as sold out and not over, up to `limit` of those behind `eventID` in the order of ids.
    func soldOut(after eventID: String, limit: Int, at now: Timestamp) async throws -> [String]
}

/// Which copy of the index is meant.
enum IndexCopy: Sendable, Hashable {
    /// The one that is searched.
    case live
    /// The one that a build fills.
    case next(build: Int64)
}

/// One page of what an index found.
struct IndexPage: Sendable, Hashable {
    struct Hit: Sendable, Hashable {
        let event: EventCard
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

    /// Letter by letter: folded words have one spelling, and no letter consists of several marks any more.
    func matches(_ word: String) -> Bool {
        isPrefix ? word.utf8.starts(with: folded.utf8) : word == folded
    }
}
