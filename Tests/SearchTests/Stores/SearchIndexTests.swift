import Contracts
import TestSupport
import Testing

@testable import search

@Suite(.serialized, .onBothDatabases) struct SearchIndexTests {
    private static let hostile = [
        "\"", "'", "*", "a*", "^", "-coldplay", "NOT coldplay", "coldplay OR", "OR AND NOT", "NEAR(a b)",
        "title:coldplay", "{title}: x", "(", ")", "\"coldplay", "col\"dplay", "a\u{0}b", "%", "_", "& | ! <->", ":*",
        ";DROP TABLE documents", "''", "\\", "\\'", "🎸🎸", "\u{301}\u{302}", "+", "coldplay + queen",
        String(repeating: "a ", count: 400), String(repeating: "(", count: 500), String(repeating: "x", count: 10_000),
        String(repeating: "\"a\" OR ", count: 1000),
    ]

    @Test func `no text is an error or an operator`() async throws {
        try await SearchFixture.with { fixture async throws in
            for text in Self.hostile {
                #expect(try await fixture.ids(text).count <= Catalogue.events.count, "\(text)")
            }
            #expect(try await fixture.ids("coldplay") == ["coldplay"])
        }
    }

    @Test func `operators are words like any other`() async throws {
        try await SearchFixture.with { fixture async throws in
            #expect(try await fixture.ids("coldplay OR queen").isEmpty)
            #expect(try await fixture.ids("coldplay NOT wembley").isEmpty)
            #expect(try await fixture.ids("cold*play").isEmpty)
        }
    }

    @Test func `without words everything to come is found by date`() async throws {
        try await SearchFixture.with { fixture async throws in
            let all = try await fixture.ids("")
            #expect(all.count == Catalogue.events.count)
            #expect(Array(all.prefix(4)) == ["cheap", "jazz", "comedy", "tribute"])
            #expect(try await fixture.ids(" ?! ") == all)
            fixture.clock.advance(by: .seconds(5 * 86_400))
            #expect(try await fixture.ids("").first == "comedy")
            #expect(try await !fixture.ids("jazz").contains("jazz"))
        }
    }

    @Test func `filters narrow what is found`() async throws {
        try await SearchFixture.with { fixture async throws in
            func ids(_ text: String = "", _ change: (inout SearchFilter) -> Void) async throws -> Set<String> {
                var filter = SearchFilter()
                change(&filter)
                return Set(try await fixture.ids(text, filter))
            }
            #expect(try await ids { $0.city = "PARIS" } == ["metallica", "beyonce", "carmen"])
            #expect(try await ids { $0.city = "reykjavík" } == ["sigur", "bjork"])
            #expect(try await ids("jazz") { $0.category = "jazz" } == ["jazz", "jazzfest"])
            #expect(
                try await ids { $0.minPrice = .init(thousandths: 120_000) } == [
                    "beyonce", "opera", "philharmonic", "acdc",
                ])
            #expect(try await ids { $0.maxPrice = .init(thousandths: 15_000) } == ["tribute", "cheap"])
            #expect(
                try await ids {
                    $0.minPrice = .init(thousandths: 70_000)
                    $0.maxPrice = .init(thousandths: 80_000)
                } == ["sigur", "carmen"])
            #expect(
                try await ids {
                    $0.from = Catalogue.now + .seconds(15 * 86_400)
                    $0.to = Catalogue.now + .seconds(20 * 86_400)
                } == ["opera", "carmen", "motorhead"])
            #expect(
                try await ids("wembley") {
                    $0.city = "London"
                    $0.category = "Rock"
                } == ["coldplay", "queen", "acdc"])
        }
    }

    @Test func `a price between two ticket types is nobody's price`() async throws {
        let event = Catalogue.document("a", title: "A", dollars: 10)
        let types = event.ticketTypes + Catalogue.document("b", title: "B", dollars: 100).ticketTypes
        let both = EventDocument(
            id: "a", title: "A", description: nil, artist: nil, venue: "V", venueAddress: nil, city: nil, category: nil,
            eventDate: event.eventDate, endDate: nil, status: .active, isActive: true, ownerId: "o",
            reserveOn: .checkout, maxPerOrder: 1, totalCapacity: 1, availableCapacity: 1, waitingRoom: false,
            version: 1,
            ticketTypes: types, createdAt: event.createdAt, updatedAt: event.updatedAt)
        try await SearchFixture.with([both]) { fixture async throws in
            var filter = SearchFilter(minPrice: .init(thousandths: 40_000), maxPrice: .init(thousandths: 60_000))
            #expect(try await fixture.ids("", filter).isEmpty)
            filter.maxPrice = .init(thousandths: 100_000)
            #expect(try await fixture.ids("", filter) == ["a"])
        }
    }

    @Test func `results come by date or price when asked`() async throws {
        try await SearchFixture.with { fixture async throws in
            #expect(try await fixture.ids("wembley", sort: .date) == ["coldplay", "queen", "acdc"])
            #expect(try await fixture.ids("wembley", sort: .price) == ["coldplay", "queen", "acdc"])
            #expect(try await fixture.ids("jazz", sort: .price) == ["comedy", "jazz", "jazzfest"])
            #expect(try await fixture.ids("", sort: .price).first == "cheap")
        }
    }

    @Test func `facets and totals count all pages`() async throws {
        try await SearchFixture.with { fixture async throws in
            let page = try await fixture.index.search(
                SearchQuery(text: "wembley", offset: 1, limit: 1), at: Catalogue.now)
            #expect(page.hits.count == 1)
            #expect(page.total == 3)
            #expect(page.facets.document == ["city": ["London": 3], "category": ["Rock": 3]])
        }
    }

    @Test func `pages neither repeat nor miss a result`() async throws {
        try await SearchFixture.with { fixture async throws in
            let all = try await fixture.ids("")
            var paged: [String] = []
            for offset in stride(from: 0, to: 20, by: 3) {
                let page = try await fixture.index.search(
                    SearchQuery(text: "", offset: offset, limit: 3), at: Catalogue.now)
                paged += page.hits.map(\.event.id)
            }
            #expect(paged == all)
        }
    }

    @Test func `suggestions complete titles, artists and venues`() async throws {
        try await SearchFixture.with { fixture async throws in
            func suggest(_ text: String) async throws -> [String] {
                try await SuggestTexts(index: fixture.index, clock: fixture.clock)(text)
            }
            #expect(try await suggest("wem") == ["Wembley Stadium"])
            #expect(try await suggest("bey") == ["Beyoncé"])
            #expect(Set(try await suggest("metal")) == ["A Night of Metallica Songs", "Metallica"])
            #expect(try await suggest("scott ron") == ["Ronnie Scott's"])
            #expect(try await suggest("").isEmpty)
            #expect(try await suggest("\"*").isEmpty)
            #expect(try await suggest("tribute").isEmpty, "descriptions are not suggested")
        }
    }

    @Test func `there are at most ten suggestions`() async throws {
        let documents = (0..<30).map { Catalogue.document("e\($0)", title: "Festival \($0)") }
        try await SearchFixture.with(documents) { fixture async throws in
            let suggestions = try await SuggestTexts(index: fixture.index, clock: fixture.clock)("fest")
            #expect(suggestions.count == 10)
            #expect(Set(suggestions).count == 10)
        }
    }

    @Test func `a change replaces what was indexed, an older version nothing`() async throws {
        try await SearchFixture.with { fixture async throws in
            let renamed = IndexedEvent(Catalogue.document("coldplay", title: "Unplugged", version: 3))
            let older = IndexedEvent(Catalogue.document("coldplay", title: "Outdated", version: 2))
            #expect(try await fixture.index.apply([renamed], after: 16, cursor: 100, to: .live))
            #expect(try await fixture.index.apply([older], after: 100, cursor: 101, to: .live))
            #expect(try await fixture.ids("unplugged") == ["coldplay"])
            #expect(try await fixture.ids("spheres").isEmpty)
            #expect(try await fixture.ids("outdated").isEmpty)
            #expect(try await fixture.index.cursor(of: .live) == 101)
        }
    }

    @Test func `changes that do not follow what is known are not taken over`() async throws {
        try await SearchFixture.with { fixture async throws in
            let later = IndexedEvent(Catalogue.document("later", title: "Unplugged"))
            #expect(try await !fixture.index.apply([later], after: 17, cursor: 18, to: .live))
            #expect(try await fixture.ids("unplugged").isEmpty)
            #expect(try await fixture.index.cursor(of: .live) == 16)
            #expect(try await fixture.index.apply([later], after: 15, cursor: 18, to: .live))
            #expect(try await fixture.ids("unplugged") == ["later"])
        }
    }

    @Test func `words of events that are gone are not suggested as corrections`() async throws {
        try await SearchFixture.with { fixture async throws in
            let unplugged = IndexedEvent(Catalogue.document("coldplay", title: "Unplugged", version: 2))
            #expect(try await fixture.index.apply([unplugged], after: 16, cursor: 100, to: .live))
            #expect(try await fixture.ids("coldpaly").isEmpty)
        }
    }
}
