import Contracts
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import search

@Suite(.serialized, .onBothDatabases) struct RebuildIndexTests {
    private static let many = (0..<450).map { Catalogue.document("e\($0)", title: "Festival \($0)", days: $0 + 1) }

    /// Takes `count` events over into a build, as a process does before it dies.
    private func begin(_ fixture: SearchFixture, taking count: Int) async throws -> Int64 {
        let build = try await fixture.index.beginBuild()
        let changes = try await fixture.feed.changes(
            after: 0, limit: count, in: .background(within: .seconds(5))
        ).changes
        let isApplied = try await fixture.index.apply(
            changes.map { IndexedEvent($0.event) }, after: 0, cursor: changes.last?.sequence ?? 0,
            to: .next(build: build))
        #expect(isApplied)
        return build
    }

    @Test func `a new index takes the old one's place with all events`() async throws {
        try await SearchFixture.with(Self.many) { fixture async throws in
            for _ in 0..<3 {
                try await fixture.rebuild.build(restart: false)
                #expect(try await fixture.index.search(SearchQuery(text: "festival"), at: Catalogue.now).total == 450)
                #expect(try await fixture.ids("festival 449") == ["e449"])
                #expect(try await fixture.ids("festval 17").first == "e17")
                #expect(try await fixture.index.runningBuild() == nil)
                #expect(try await fixture.index.cursor(of: .live) == 450)
            }
            #expect(fixture.rebuild.status.state == .done)
            #expect(fixture.rebuild.status.events == 450)
            #expect(fixture.rebuild.status.fraction == 1)
        }
    }

    @Test func `until it is whole the old index is searched and followed`() async throws {
        try await SearchFixture.with(Self.many) { fixture async throws in
            let build = try await begin(fixture, taking: 100)
            #expect(try await fixture.index.search(SearchQuery(text: "festival"), at: Catalogue.now).total == 450)
            fixture.feed.put(Catalogue.document("new", title: "Brand new"))
            try await fixture.follower.catchUp()
            #expect(try await fixture.ids("brand") == ["new"])
            #expect(try await fixture.index.cursor(of: .next(build: build)) == 100)
            try await fixture.rebuild.build(restart: false)
            #expect(try await fixture.ids("brand") == ["new"])
        }
    }

    @Test func `an interrupted build goes on where it stopped`() async throws {
        try await SearchFixture.with(Self.many) { fixture async throws in
            let build = try await begin(fixture, taking: 300)
            #expect(try await fixture.index.runningBuild() == build)
            let before = fixture.feed.positions.count
            try await fixture.rebuild.build(restart: false)
            #expect(fixture.feed.positions.dropFirst(before) == [300])
            #expect(fixture.rebuild.status.events == 150)
            #expect(try await fixture.index.search(SearchQuery(text: "festival"), at: Catalogue.now).total == 450)
        }
    }

    @Test func `a build that another one superseded changes nothing`() async throws {
        try await SearchFixture.with { fixture async throws in
            let old = try await begin(fixture, taking: 5)
            let new = try await fixture.index.beginBuild()
            await #expect(throws: SearchError.buildSuperseded) {
                try await fixture.index.apply(
                    [IndexedEvent(Catalogue.document("x", title: "Ghost"))], after: 0, cursor: 99,
                    to: .next(build: old))
            }
            await #expect(throws: SearchError.buildSuperseded) { try await fixture.index.promote(old) }
            #expect(try await fixture.index.cursor(of: .next(build: new)) == 0)
            #expect(try await fixture.ids("").count == Catalogue.events.count)
        }
    }

    @Test func `pages that are shorter than was asked for are not the last`() async throws {
        try await SearchFixture.with(Self.many) { fixture async throws in
            fixture.feed.shortenPages(to: 150)
            try await fixture.rebuild.build(restart: true)
            #expect(fixture.rebuild.status.events == 450)
            #expect(try await fixture.index.search(SearchQuery(text: "festival"), at: Catalogue.now).total == 450)
        }
    }

    @Test func `a process whose build another one supersedes goes on with that one`() async throws {
        try await SearchFixture.with(Self.many) { fixture async throws in
            fixture.feed.whileNextLook { _ = try await fixture.index.beginBuild() }
            try await fixture.rebuild.build(restart: true)
            #expect(fixture.rebuild.status.state == .done)
            #expect(try await fixture.index.runningBuild() == nil)
            #expect(try await fixture.index.search(SearchQuery(text: "festival"), at: Catalogue.now).total == 450)
        }
    }

    @Test func `a build that another process finished is done`() async throws {
        try await SearchFixture.with(Self.many) { fixture async throws in
            let other = RebuildIndex(index: fixture.index, feed: fixture.feed, logger: SearchFixture.logger)
            fixture.feed.whileNextLook { try await other.build(restart: false) }
            try await fixture.rebuild.build(restart: true)
            #expect(fixture.rebuild.status.state == .done)
            #expect(try await fixture.index.cursor(of: .live) == 450)
        }
    }

    @Test func `all who want it made anew at the same time share one build`() async throws {
        try await SearchFixture.with { fixture async throws in
            let before = fixture.feed.positions.count
            let askers = Mutex(0)
            fixture.feed.whileNextLook {
                try await eventually("all have asked") { askers.withLock { $0 == 20 } }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { @Sendable in
                        askers.withLock { $0 += 1 }
                        try await fixture.rebuild.build(restart: true)
                    }
                }
                try await group.waitForAll()
            }
            #expect(fixture.feed.positions.count - before <= 3)
            #expect(try await fixture.ids("coldplay") == ["coldplay"])
        }
    }

    @Test func `who wants it made anew is not content with a build that goes on`() async throws {
        try await SearchFixture.with(Self.many) { fixture async throws in
            _ = try await begin(fixture, taking: 300)
            let before = fixture.feed.positions.count
            let isAsked = Mutex(false)
            fixture.feed.whileNextLook {
                try await eventually("it is asked for anew") { isAsked.withLock { $0 } }
            }
            async let goingOn: Void = fixture.rebuild.build(restart: false)
            try await eventually { fixture.feed.positions.count > before }
            isAsked.withLock { $0 = true }
            try await fixture.rebuild.build(restart: true)
            try await goingOn
            #expect(fixture.feed.positions.dropFirst(before) == [300, 0, 200, 400])
        }
    }

    @Test func `what was known to be sold out stays known`() async throws {
        try await SearchFixture.with { fixture async throws in
            try await fixture.index.mark(["coldplay": true])
            try await fixture.rebuild.build(restart: false)
            #expect(try await fixture.ids("coldplay", SearchFilter(onlyAvailable: true)).isEmpty)
            #expect(try await fixture.index.soldOut(after: "", limit: 10, at: Catalogue.now) == ["coldplay"])
            #expect(try await fixture.index.soldOut(after: "coldplay", limit: 10, at: Catalogue.now).isEmpty)
        }
    }

    @Test func `when the feed does not answer for long the build stops, and can be gone on with`() async throws {
        try await SearchFixture.with { fixture async throws in
            let build = try await begin(fixture, taking: 5)
            fixture.feed.goDown(true)
            await #expect(throws: ServiceCallError.self) { try await fixture.rebuild.build(restart: false) }
            #expect(fixture.rebuild.status.state == .failed)
            #expect(try await fixture.index.runningBuild() == build)
            fixture.feed.goDown(false)
            try await fixture.rebuild.build(restart: false)
            #expect(try await fixture.index.runningBuild() == nil)
        }
    }

    @Test func `a service that starts finishes the build that the last one left behind`() async throws {
        try await SearchFixture.with { fixture async throws in
            _ = try await begin(fixture, taking: 5)
            let group = ServiceGroup(configuration: .init(services: [fixture.rebuild], logger: SearchFixture.logger))
            let running = Task { try await group.run() }
            try await eventually { fixture.rebuild.status.state == .done }
            #expect(fixture.rebuild.request(RebuildRequest(restart: true)).state == .running)
            try await eventually { fixture.rebuild.status.state == .done }
            #expect(fixture.rebuild.status.events == Catalogue.events.count)
            await group.triggerGracefulShutdown()
            try await running.value
        }
    }
}
