import Contracts
import DatabaseKit
import ServiceLifecycle
import TestSupport
import Testing

@testable import search

@Suite(.serialized, .onBothDatabases) struct FollowEventsTests {
    @Test func `changes are taken over in batches, each once`() async throws {
        let documents = (0..<450).map { Catalogue.document("e\($0)", title: "Festival \($0)") }
        try await SearchFixture.with(documents) { fixture async throws in
            #expect(try await fixture.ids("festival").count == 100)
            #expect(try await fixture.index.cursor(of: .live) == 450)
            let total = try await fixture.index.search(SearchQuery(text: ""), at: Catalogue.now).total
            #expect(total == 450)
        }
    }

    @Test func `a page that is shorter than was asked for is not the last`() async throws {
        try await SearchFixture.with([]) { fixture async throws in
            fixture.feed.shortenPages(to: 2)
            for document in Catalogue.events { fixture.feed.put(document) }
            try await fixture.follower.catchUp()
            #expect(try await fixture.ids("").count == Catalogue.events.count)
            #expect(fixture.follower.hasCaughtUp)
        }
    }

    @Test func `nothing is lost when a build becomes the live copy while the feed is read`() async throws {
        try await SearchFixture.with { fixture async throws in
            let build = try await fixture.index.beginBuild()
            for document in ["a", "b"].map({ Catalogue.document($0, title: "Aurora") }) { fixture.feed.put(document) }
            let early = try await fixture.feed.changes(after: 0, limit: 10, in: .background(within: .seconds(5)))
            #expect(
                try await fixture.index.apply(
                    early.changes.map { IndexedEvent($0.event) }, after: 0, cursor: 10, to: .next(build: build)))
            try await fixture.follower.catchUp()
            fixture.feed.put(Catalogue.document("c", title: "Aurora"))
            fixture.feed.whileNextLook { try await fixture.index.promote(build) }
            try await fixture.follower.catchUp()
            #expect(Set(try await fixture.ids("aurora")) == ["a", "b", "c"])
            #expect(try await fixture.ids("").count == Catalogue.events.count + 3)
        }
    }

    @Test func `a cancelled or renamed event is found accordingly`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.feed.put(Catalogue.document("queen", title: "Queen", status: .cancelled, version: 2))
            fixture.feed.put(Catalogue.document("acdc", title: "Highway", version: 2))
            try await fixture.follower.catchUp()
            #expect(try await fixture.ids("rhapsody").isEmpty)
            #expect(try await fixture.ids("queen").isEmpty)
            #expect(try await fixture.ids("highway") == ["acdc"])
        }
    }

    @Test func `after a restart it goes on where it stopped`() async throws {
        let directory = try TemporaryDirectory("search")
        let url = try await TestDatabase.makeURL(in: directory, name: "search")
        let feed = FakeFeed(Catalogue.events)
        for round in 1...2 {
            let database = try await TestDatabase.open(url)
            try await database.migrate(SearchMigrations.all)
            let index = SQLSearchIndex(database: database)
            if round == 2 {
                #expect(try await index.cursor(of: .live) == Int64(Catalogue.events.count))
                feed.put(Catalogue.document("new", title: "Brand new"))
            }
            let rebuild = RebuildIndex(index: index, feed: feed, logger: SearchFixture.logger)
            let clock = ManualClock(Catalogue.now)
            try await FollowEvents(
                index: index, feed: feed, rebuild: rebuild, clock: clock, logger: SearchFixture.logger
            ).catchUp()
            let found = try await index.search(SearchQuery(text: round == 1 ? "coldplay" : "brand"), at: Catalogue.now)
            #expect(found.hits.map(\.event.id) == [round == 1 ? "coldplay" : "new"])
            await database.close()
        }
    }

    @Test func `when the events service began anew everything is indexed again`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.feed.reset()
            fixture.feed.put(Catalogue.document("other", title: "Another life"))
            try await fixture.follower.catchUp()
            #expect(try await fixture.ids("") == ["other"])
            #expect(try await fixture.index.cursor(of: .live) == 1)
        }
    }

    @Test func `the running follower finds new events soon, also after the events service was down`() async throws {
        try await SearchFixture.with([]) { fixture async throws in
            let timing = FollowEvents.Timing(
                interval: .milliseconds(20), deadline: .seconds(5), pauseAfterFailure: .milliseconds(20))
            fixture.feed.goDown(true)
            let follower = FollowEvents(
                index: fixture.index, feed: fixture.feed, rebuild: fixture.rebuild, clock: fixture.clock,
                logger: SearchFixture.logger, timing: timing)
            let group = ServiceGroup(
                configuration: .init(services: [follower], logger: SearchFixture.logger))
            let running = Task { try await group.run() }
            #expect(!follower.hasCaughtUp)
            fixture.feed.put(Catalogue.document("a", title: "Aurora"))
            fixture.feed.goDown(false)
            try await eventually { try await fixture.ids("aurora") == ["a"] }
            try await eventually { follower.hasCaughtUp }
            fixture.feed.put(Catalogue.document("b", title: "Borealis"))
            try await eventually { try await fixture.ids("borealis") == ["b"] }
            await group.triggerGracefulShutdown()
            try await running.value
        }
    }

    @Test func `what was counted and suggested is forgotten with the events that are over`() async throws {
        try await SearchFixture.with { fixture async throws in
            let query = SearchQuery(text: "london", limit: 1)
            func total() async throws -> Int { try await fixture.index.search(query, at: fixture.clock.now()).total }
            func suggested() async throws -> [String] {
                try await fixture.index.suggestions(for: ["ronn"], limit: 5, at: fixture.clock.now())
            }
            let before = try await total()
            #expect(try await suggested() == ["Ronnie Scott's"])
            fixture.clock.advance(by: .seconds(20 * 86_400))
            #expect(try await total() == before - 2)
            #expect(try await suggested().isEmpty)
            try await fixture.index.forgetEnded(at: fixture.clock.now())
            #expect(try await total() == before - 2)
            #expect(try await suggested().isEmpty)
        }
    }

    @Test func `events that are over are taken out, and nothing that was found changes`() async throws {
        try await SearchFixture.with { fixture async throws in
            fixture.clock.advance(by: .seconds(20 * 86_400))
            let before = try await fixture.ids("london")
            try await fixture.index.forgetEnded(at: fixture.clock.now())
            #expect(try await fixture.ids("london") == before)
            #expect(try await fixture.ids("ronnie scott").isEmpty)
            // A word that only an ended event had is nobody's correction any more.
            #expect(try await fixture.ids("saxophonse").isEmpty)
            fixture.feed.put(Catalogue.document("jazz", title: "Blue Note again", days: 40, version: 2))
            try await fixture.follower.catchUp()
            #expect(try await fixture.ids("blue note") == ["jazz"])
        }
    }
}
