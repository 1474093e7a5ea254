import Contracts
import Testing

@testable import search

@Suite struct RelevanceTests {
    /// A query and the best result it must have; `nil` when it must have none.
    static let queries: [(String, String?)] = [
        // As written, in any field, case, accents or order.
        ("coldplay", "coldplay"), ("COLDPLAY", "coldplay"), ("spheres music", "coldplay"), ("beyonce", "beyonce"),
        ("Beyoncé", "beyonce"), ("motorhead", "motorhead"), ("MÖTÖRHEAD", "motorhead"), ("bjork", "bjork"),
        ("sigur ros", "sigur"), ("agætis", "sigur"), ("reykjavik björk", "bjork"), ("opera bastille", "carmen"),
        ("ac/dc", "acdc"), ("ronnie scott's", "jazz"), ("new year's concert", "philharmonic"), ("lemmy", "motorhead"),
        // Unfinished.
        ("metalli", "metallica"), ("wiener phil", "philharmonic"), ("music of the sph", "coldplay"), ("be", "beyonce"),
        // Mistyped: a letter wrong, missing, doubled, swapped; two of them in long words.
        ("coldpaly", "coldplay"), ("coldpley", "coldplay"), ("beyonse", "beyonce"), ("metalica", "metallica"),
        ("mettalica", "metallica"), ("philharmonicer", "philharmonic"), ("traviatta", "opera"), ("cornukopia", "bjork"),
        ("renaisance", "beyonce"), ("wembly stadum adam", "queen"), ("montreux jaz", "jazzfest"), ("carmne", "carmen"),
        // Not there, and not near anything.
        ("abba", nil), ("xylophone", nil), ("coldplay paris", nil), ("qqqqqqqq", nil),
    ]

    @Test func `each query has the expected best result`() async throws {
        try await SearchFixture.with { fixture async throws in
            for (query, best) in Self.queries {
                let found = try await fixture.ids(query)
                #expect(found.first == best, "\(query) found \(found)")
            }
        }
    }

    @Test func `a word in the title weighs more than one in the artist, venue or description`() async throws {
        let documents = [
            Catalogue.document("description", title: "One", description: "an aurora in words"),
            Catalogue.document("venue", title: "Two", venue: "Aurora"),
            Catalogue.document("artist", title: "Three", artist: "Aurora"),
            Catalogue.document("title", title: "Aurora"),
            Catalogue.document("other", title: "Four"), Catalogue.document("more", title: "Five"),
            Catalogue.document("again", title: "Six"), Catalogue.document("last", title: "Seven"),
        ]
        try await SearchFixture.with(documents) { fixture async throws in
            #expect(try await fixture.ids("aurora") == ["title", "artist", "venue", "description"])
        }
    }

    @Test func `the rightly spelled comes before the corrected`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.feed.put(Catalogue.document("typo", title: "Metalica cover band", description: "metalica"))
            try await fixture.follow()
            let found = try await fixture.ids("metalica")
            #expect(found.first == "typo")
            #expect(found.contains("metallica"))
        }
    }

    @Test func `a word that many events have is not corrected`() async throws {
        try await SearchFixture.with { fixture async throws in
            for number in 0..<3 { fixture.feed.put(Catalogue.document("c\(number)", title: "Carment \(number)")) }
            try await fixture.follow()
            #expect(try await !fixture.ids("carment").contains("carmen"))
        }
    }

    @Test func `numbers are never corrected`() async throws {
        let documents = [
            Catalogue.document("a", title: "Festival 2026"), Catalogue.document("b", title: "Festival 2027"),
        ]
        try await SearchFixture.with(documents) { fixture async throws in
            #expect(try await fixture.ids("festival 2026") == ["a"])
            #expect(try await fixture.ids("festival 2028").isEmpty)
        }
    }

    @Test func `words next to each other rank above the same words apart`() async throws {
        let documents = [
            Catalogue.document("apart", title: "Rolling hills, standing Stones", days: 1),
            Catalogue.document("together", title: "Rolling Stones, standing hills", days: 2),
        ]
        try await SearchFixture.with(documents) { fixture async throws in
            #expect(try await fixture.ids("rolling stones") == ["together", "apart"])
        }
    }
}
