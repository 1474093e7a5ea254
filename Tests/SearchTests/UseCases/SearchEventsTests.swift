import Contracts
import Foundation
import TestSupport
import Testing

@testable import search

@Suite(.serialized, .onBothDatabases) struct SearchEventsTests {
    @Test func `results tell what is left now, asked for in one call`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.inventory.put("queen", left: 3)
            let results = try await fixture.searchEvents(SearchQuery(text: "wembley"))
            #expect(results.total == 3)
            let shown = try results.hits.map { try $0.shown() }
            #expect(shown.first { $0.event.id == "queen" }?.event.availableCapacity == 3)
            #expect(shown.first { $0.event.id == "acdc" }?.event.ticketTypes.first?.availableCount == 10)
            #expect(fixture.inventory.batches == [3])
            #expect(results.hits.allSatisfy { $0.score > 0 })
            #expect(results.hits.first?.highlights["venue"] == "<em>Wembley</em> Stadium")
            #expect(results.isAvailabilityCurrent)
        }
    }

    @Test func `a corrected word is highlighted as it is written`() async throws {
        try await SearchFixture.with { fixture async throws in
            let results = try await fixture.searchEvents(SearchQuery(text: "coldpaly"))
            #expect(results.hits.first?.highlights["artist"] == "<em>Coldplay</em>")
        }
    }

    @Test func `a change of price is shown as soon as it was followed`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.feed.put(Catalogue.document("queen", title: "Queen", dollars: 250, version: 2))
            try await fixture.follower.catchUp()
            let results = try await fixture.searchEvents(SearchQuery(text: "queen"))
            let shown = try results.hits.map { try $0.shown() }
            #expect(shown.first?.event.ticketTypes.first?.price == DecimalAmount(minorUnits: 25_000, decimals: 2))
        }
    }

    @Test func `only what is left to buy is found, counted and paged when asked for`() async throws {
        let documents = (0..<60).map { number in
            Catalogue.document(
                "e\(number)", title: "Festival", city: number.isMultiple(of: 2) ? "Oslo" : "Rome", days: number + 1)
        }
        try await SearchFixture.with(documents) { fixture async throws in
            for number in stride(from: 1, to: 60, by: 2) { fixture.inventory.put("e\(number)", left: 0) }
            // Once everything was looked at, all of it is known.
            _ = try await fixture.searchEvents(SearchQuery(text: "festival", limit: 100))
            let watch = WatchStock(
                index: fixture.index, board: fixture.board, clock: fixture.clock, logger: SearchFixture.logger)
            _ = try await watch.pass(after: "")
            let filter = SearchFilter(onlyAvailable: true)
            let page = try await fixture.searchEvents(
                SearchQuery(text: "festival", filter: filter, sort: .date, offset: 20, limit: 10))
            #expect(page.total == 30)
            #expect(page.hits.map(\.event.id) == (20..<30).map { "e\($0 * 2)" })
            #expect(page.facets.document["city"] == ["Oslo": 30])
        }
    }

    @Test func `what nobody knew to be sold out is not shown as available either`() async throws {
        let documents = (0..<30).map { Catalogue.document("e\($0)", title: "Festival", days: $0 + 1) }
        try await SearchFixture.with(documents) { fixture async throws in
            for number in 0..<10 { fixture.inventory.put("e\(number)", left: 0) }
            let filter = SearchFilter(onlyAvailable: true)
            let page = try await fixture.searchEvents(
                SearchQuery(text: "festival", filter: filter, sort: .date, limit: 5))
            #expect(page.hits.map(\.event.id) == (10..<15).map { "e\($0)" })
            #expect(page.total == 20)
        }
    }

    @Test func `what was sold out is found again soon after something was given back`() async throws {
        try await SearchFixture.with { fixture async throws in
            let watch = WatchStock(
                index: fixture.index, board: fixture.board, clock: fixture.clock, logger: SearchFixture.logger)
            let query = SearchQuery(text: "coldplay", filter: SearchFilter(onlyAvailable: true))
            fixture.inventory.put("coldplay", left: 0)
            #expect(try await fixture.searchEvents(query).hits.isEmpty)
            _ = try await watch.pass(after: "")
            #expect(try await fixture.searchEvents(query).hits.isEmpty)
            fixture.inventory.put("coldplay", left: 1)
            _ = try await watch.pass(after: "")
            #expect(try await fixture.searchEvents(query).hits.map(\.event.id) == ["coldplay"])
        }
    }
}

extension FoundEvent {
    /// The result as people get it.
    func shown() throws -> SearchHit {
        var json: [UInt8] = []
        event.write(stock, score: score, highlights: Array("{}".utf8), to: &json)
        return try WireJSON.decoder.decode(SearchHit.self, from: Data(json))
    }
}
