import Contracts
import DatabaseKit
import Logging
import ServiceKit
import TestSupport
import Testing

@testable import booking

@Suite(.onBothDatabases) struct FollowEventsTests {
    /// A feed whose pages have two changes, however many are asked for, as pages of large events do.
    private struct ShortPages: EventFeed {
        let feed: FakeEvents

        func changes(
            after sequence: Int64, limit: Int, in context: CallContext
        ) async throws(ServiceCallError) -> EventChanges {
            try await feed.changes(after: sequence, limit: min(limit, 2), in: context)
        }

        func events(withIDs ids: [String], in context: CallContext) async throws(ServiceCallError) -> [EventDocument] {
            try await feed.events(withIDs: ids, in: context)
        }
    }

    @Test func `a page that is shorter than was asked for is not the last`() async throws {
        let directory = try TemporaryDirectory("booking")
        let database = try await TestDatabase.open(in: directory, name: "booking")
        try await database.migrate(BookingMigrations.all)
        let store = EventCopyStore(database: database)
        let (feed, clock) = (FakeEvents(), ManualClock())
        for number in 1...5 { feed.put("event-\(number)", on: clock.now() + .seconds(86_400)) }
        let follow = FollowEvents(
            store: store, feed: ShortPages(feed: feed), clock: clock, logger: Logger(label: "test"))
        try await follow.catchUp()
        #expect(try await store.position() == 5)
        for number in 1...5 { #expect(try await store.event("event-\(number)") != nil) }
        await database.close()
    }
}
