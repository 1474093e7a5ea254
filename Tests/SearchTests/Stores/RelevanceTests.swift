import Contracts
import TestSupport
import Testing

@testable import search

@Suite(.serialized, .onBothDatabases) struct RelevanceTests {
    @Test func `the expected result comes first, nine times out of ten`() async throws {
        #expect(RelevanceSet.queries.count >= 60)
        try await SearchFixture.with(RelevanceSet.events) { fixture async throws in
            var reciprocalRanks = 0.0
            for (text, best) in RelevanceSet.queries {
                let found = try await fixture.ids(text)
                let rank = found.firstIndex(of: best).map { $0 + 1 }
                if let rank { reciprocalRanks += 1 / Double(rank) }
                if rank != 1 { print("\(TestDatabase.current): '\(text)' found \(found.prefix(3)), not \(best)") }
            }
            let mean = reciprocalRanks / Double(RelevanceSet.queries.count)
            print("\(TestDatabase.current): mean reciprocal rank \(mean) of \(RelevanceSet.queries.count) queries")
            #expect(mean >= 0.9)
        }
    }

    @Test func `what is not there nor near anything is not found`() async throws {
        try await SearchFixture.with { fixture async throws in
            for text in ["abba", "xylophone", "coldplay paris", "qqqqqqqq"] {
                #expect(try await fixture.ids(text).isEmpty, "\(text)")
            }
        }
    }

    @Test func `a word in the title weighs more than one in the artist, venue or description`()
        async throws
    {
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
            try await fixture.follower.catchUp()
            let found = try await fixture.ids("metalica")
            #expect(found.first == "typo")
            #expect(found.contains("metallica"))
        }
    }

    @Test func `a word that many events have is not corrected`() async throws {
        try await SearchFixture.with { fixture async throws in
            for number in 0..<3 { fixture.feed.put(Catalogue.document("c\(number)", title: "Carment \(number)")) }
            try await fixture.follower.catchUp()
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
