import Contracts
import DatabaseKit
import Logging
import ServiceKit
import TestSupport

@testable import search

/// The search service's inside on a database of its own.
struct SearchFixture {
    let directory: TemporaryDirectory
    let database: any Database
    let index: any SearchIndex
    let clock = ManualClock(Catalogue.now)
    let feed: FakeFeed
    let inventory = FakeInventory()
    let board: StockBoard
    let rebuild: RebuildIndex
    let follower: FollowEvents

    static let logger = {
        var logger = Logger(label: "search")
        logger.logLevel = .critical
        return logger
    }()

    init(_ documents: [EventDocument], freshness: Duration) async throws {
        directory = try TemporaryDirectory("search")
        database = try await TestDatabase.open(in: directory, name: "search")
        try await database.migrate(SearchMigrations.all)
        index = SQLSearchIndex(database: database)
        feed = FakeFeed(documents)
        board = StockBoard(source: inventory, logger: Self.logger, timing: .init(freshness: freshness))
        rebuild = RebuildIndex(
            index: index, feed: feed, logger: Self.logger,
            timing: .init(pauseAfterFailure: .milliseconds(10), failuresMax: 3))
        follower = FollowEvents(index: index, feed: feed, rebuild: rebuild, clock: clock, logger: Self.logger)
    }

    /// Does `work` with everything indexed, and closes the fixture afterwards.
    ///
    /// - Parameter freshness: how long an answer of inventory counts; by default every search asks
    static func with(
        _ documents: [EventDocument] = Catalogue.events, freshness: Duration = .zero,
        _ work: (SearchFixture) async throws -> Void
    ) async throws {
        let fixture = try await SearchFixture(documents, freshness: freshness)
        do {
            try await fixture.follower.catchUp()
            try await work(fixture)
            await fixture.database.close()
        } catch {
            await fixture.database.close()
            throw error
        }
    }

    var searchEvents: SearchEvents { SearchEvents(index: index, board: board, clock: clock) }

    func ids(_ text: String, _ filter: SearchFilter = .init(), sort: SearchSort? = nil) async throws -> [String] {
        let query = SearchQuery(text: text, filter: filter, sort: sort, limit: 100)
        return try await index.search(query, at: clock.now()).hits.map(\.event.id)
    }
}
