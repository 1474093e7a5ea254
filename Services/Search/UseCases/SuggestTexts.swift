import Contracts

/// Completes what somebody is typing with titles, artists and venues of events to come.
struct SuggestTexts: Sendable {
    let index: any SearchIndex
    let clock: any WallClock

    func callAsFunction(_ text: String) async throws -> [String] {
        let words = SearchQuery.words(text)
        return try await index.suggestions(for: words, limit: SearchLimits.suggestionsMax, at: clock.now())
    }
}
