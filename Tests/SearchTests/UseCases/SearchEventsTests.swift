import Contracts
import Testing

@testable import search

@Suite struct SearchEventsTests {
    private func search(_ fixture: SearchFixture, _ query: SearchQuery) async throws -> SearchResults {
        try await fixture.searchEvents(query, in: fixture.context)
    }

    @Test func `results are shown as they are now, in one call`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.feed.replaceSilently(Catalogue.document("queen", title: "The Rhapsody Tour", available: 3))
            let results = try await search(fixture, SearchQuery(text: "wembley"))
            #expect(results.total == 3)
            #expect(results.hits.first { $0.event.id == "queen" }?.event.availableCapacity == 3)
            #expect(fixture.feed.batches == [3])
            #expect(results.hits.allSatisfy { $0.score > 0 })
            #expect(results.hits.first?.highlights["venue"] == "<em>Wembley</em> Stadium")
        }
    }

    @Test func `a corrected word is highlighted as it is written`() async throws {
        try await SearchFixture.with { fixture async throws in
            let results = try await search(fixture, SearchQuery(text: "coldpaly"))
            #expect(results.hits.first?.highlights["artist"] == "<em>Coldplay</em>")
        }
    }

    @Test func `what was cancelled or is gone is not shown although the index still has it`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.feed.replaceSilently(Catalogue.document("queen", title: "Queen", status: .cancelled))
            let results = try await search(fixture, SearchQuery(text: "wembley"))
            #expect(Set(results.hits.map(\.event.id)) == ["coldplay", "acdc"])
            #expect(results.total == 2)
        }
    }

    @Test func `only what is left to buy is found, counted and paged when asked for`() async throws {
        let documents = (0..<250).map { number in
            Catalogue.document(
                "e\(number)", title: "Festival", city: number.isMultiple(of: 2) ? "Oslo" : "Rome", days: number + 1,
                available: number.isMultiple(of: 2) ? 5 : 0)
        }
        try await SearchFixture.with(documents) { fixture async throws in
            let filter = SearchFilter(onlyAvailable: true)
            let page = try await search(
                fixture, SearchQuery(text: "festival", filter: filter, sort: .date, offset: 20, limit: 10))
            #expect(page.total == 125)
            #expect(page.hits.map(\.event.id) == (10..<15).flatMap { ["e\($0 * 4)", "e\($0 * 4 + 2)"] })
            #expect(page.facets.document["city"] == ["Oslo": 125])
            #expect(fixture.feed.batches == [100, 100, 50])
        }
    }

    @Test func `looking for available ones ends at its bound`() async throws {
        let documents = (0..<620).map { Catalogue.document("e\($0)", title: "Festival", days: $0 + 1, available: 0) }
        try await SearchFixture.with(documents) { fixture async throws in
            let filter = SearchFilter(onlyAvailable: true)
            let page = try await search(fixture, SearchQuery(text: "festival", filter: filter))
            #expect(page.total == 0)
            #expect(fixture.feed.batches == [100, 100, 100, 100, 100])
        }
    }

    @Test func `when the events service is down there is no answer, not an empty one`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.feed.goDown(true)
            await #expect(throws: SearchError.eventsUnavailable) {
                try await search(fixture, SearchQuery(text: "wembley"))
            }
        }
    }
}
