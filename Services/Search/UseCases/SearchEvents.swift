import Contracts

/// Finds events and shows them with what is left of them: the index says which and what, inventory how many.
struct SearchEvents: Sendable {
    let index: any SearchIndex
    let board: StockBoard
    let clock: any WallClock

    /// How often a page is looked for again because something on it turned out to be sold out.
    private static let attemptsMax = 3

    /// One page of results.
    ///
    /// Of what is left, about a second may have passed since it was true. Asked for available events, every event of
    /// the page is looked at, and what turned out to be sold out is marked and the page made again.
    func callAsFunction(_ query: SearchQuery) async throws -> SearchResults {
        var attempt = 1
        while true {
            let page = try await index.search(query, at: clock.now())
            let answer = await board.stock(of: page.hits.map(\.event.id))
            let soldOut = query.filter.onlyAvailable ? answer.stock.filter(\.value.isSoldOut) : [:]
            if !soldOut.isEmpty {
                try await index.mark(soldOut.mapValues { _ in true })
                if attempt < Self.attemptsMax {
                    attempt += 1
                    continue
                }
            }
            return results(page, answer, without: soldOut)
        }
    }

    private func results(
        _ page: IndexPage, _ answer: StockBoard.Answer, without soldOut: [String: EventStock]
    ) -> SearchResults {
        let highlighter = Highlighter(matched: page.matched)
        let hits = page.hits.filter { soldOut[$0.event.id] == nil }.map { hit in
            let unknown = EventStock(eventId: hit.event.id, version: 0, ticketTypes: [:])
            return FoundEvent(
                event: hit.event, stock: answer.stock[hit.event.id] ?? unknown, score: hit.score,
                highlights: highlighter.highlights(of: hit.event.texts))
        }
        return SearchResults(
            hits: hits, total: page.total - (page.hits.count - hits.count), facets: page.facets,
            isAvailabilityCurrent: answer.isCurrent)
    }
}

/// One page of results and what is said about all of them.
struct SearchResults: Sendable {
    let hits: [FoundEvent]
    /// Results on all pages.
    let total: Int
    let facets: Facets
    /// False when inventory did not answer: what is left is as it was known last, or zero.
    let isAvailabilityCurrent: Bool
}
