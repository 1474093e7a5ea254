import Contracts
import Logging

/// Finds events and shows them as they are now: the index says which, the events service says what.
struct SearchEvents: Sendable {
    let index: any SearchIndex
    let events: any EventFeed
    let clock: any WallClock
    let logger: Logger

    /// One page of results.
    ///
    /// - Throws: ``SearchError/eventsUnavailable``
    func callAsFunction(_ query: SearchQuery, in context: CallContext) async throws -> SearchResults {
        query.filter.onlyAvailable
            ? try await available(query, in: context) : try await page(query, in: context)
    }

    private func page(_ query: SearchQuery, in context: CallContext) async throws -> SearchResults {
        let page = try await index.search(query, at: clock.now())
        let hits = try await hydrate(page.hits, Highlighter(matched: page.matched), in: context)
        // What was cancelled within the last moments is not shown, though the index may still count it.
        let total = page.total - (page.hits.count - hits.count)
        return SearchResults(hits: hits, total: total, facets: page.facets)
    }

    /// What is left of an event is known to inventory only, so candidates are looked at in their order, a batch a
    /// call, and everything is counted among those that have something left: of the best
    /// ``SearchLimits/availableCandidatesMax`` at most.
    private func available(_ query: SearchQuery, in context: CallContext) async throws -> SearchResults {
        let candidates = SearchQuery(
            text: query.text, filter: query.filter, sort: query.sort, offset: 0,
            limit: SearchLimits.availableCandidatesMax)
        let page = try await index.search(candidates, at: clock.now())
        let highlighter = Highlighter(matched: page.matched)
        var facets = Facets()
        var found: [SearchHit] = []
        for start in stride(from: 0, to: page.hits.count, by: SearchLimits.batchMax) {
            let batch = page.hits[start..<min(start + SearchLimits.batchMax, page.hits.count)]
            for hit in try await hydrate(Array(batch), highlighter, in: context) where hit.event.availableCapacity > 0 {
                facets.add(city: hit.event.city ?? "", category: hit.event.category ?? "")
                found.append(hit)
            }
        }
        return SearchResults(
            hits: Array(found.dropFirst(query.offset).prefix(query.limit)), total: found.count, facets: facets)
    }

    private func hydrate(
        _ hits: [IndexPage.Hit], _ highlighter: Highlighter, in context: CallContext
    ) async throws -> [SearchHit] {
        guard !hits.isEmpty else { return [] }
        let documents: [EventDocument]
        do {
            documents = try await events.events(withIDs: hits.map(\.eventID), in: context)
        } catch {
            logger.warning("the events service did not tell its events", metadata: ["error": "\(error)"])
            throw SearchError.eventsUnavailable
        }
        var byID: [String: EventDocument] = [:]
        for document in documents where document.isActive { byID[document.id] = document }
        return hits.compactMap { hit in
            byID[hit.eventID].map { event in
                SearchHit(event: event, score: hit.score, highlights: highlighter.highlights(of: event))
            }
        }
    }
}

/// One page of results and what is said about all of them.
struct SearchResults: Sendable {
    let hits: [SearchHit]
    /// Results on all pages.
    let total: Int
    let facets: Facets
}
