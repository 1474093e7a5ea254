import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import inventory

/// The seats and the seat map of an event that is not published.
@Suite(.onBothDatabases) struct DraftSeatsTests {
    @Test(arguments: ["seats", "seatmap"])
    func `a draft is 404 for strangers, also for one who knows its tag, and its organizer's to see`(
        route: String
    ) async throws {
        let fixture = try await InventoryFixture()
        let path = "/events/\(fixture.eventID)/\(route)"
        try await run(fixture) { client in
            #expect(try await client.get(path).status == .ok)
            try await fixture.putRules(version: 2, status: .draft)
            let shown = try await client.get(path, as: "owner")
            let tag = try #require(shown.headers[.eTag])
            #expect(shown.status == .ok)
            #expect(try await client.get(path, as: "owner", tag: tag).status == .notModified)
            #expect(try await client.get(path, as: "root", .admin).status == .ok)
            for userID in [nil, "ada"] {
                for known in [nil, tag] {
                    let refused = try await client.get(path, as: userID, tag: known)
                    #expect(refused.status == .notFound)
                    #expect(refused.headers[.eTag] == nil)
                }
            }
        }
    }

    @Test func `a stranger is refused what is the organizer's, and not even told of a draft`() async throws {
        let fixture = try await InventoryFixture()
        let path = "/events/\(fixture.eventID)/audit"
        try await run(fixture) { client in
            #expect(try await client.get(path, as: "ada").status == .forbidden)
            try await fixture.putRules(version: 2, status: .draft)
            #expect(try await client.get(path, as: "ada").status == .notFound)
            #expect(try await client.get(path, as: "owner").status == .ok)
        }
    }

    private func run(
        _ fixture: InventoryFixture, _ body: @escaping @Sendable (ControllerHarness.Client) async throws -> Void
    ) async throws {
        try await ControllerHarness(fixture).run { router in
            let group = router.group("events")
            SeatController(events: fixture.events, clock: fixture.clock).addRoutes(to: group)
            let store = SeatMapStore(database: fixture.database)
            SeatMapController(readSeatMap: ReadSeatMap(store: store, clock: fixture.clock)).addRoutes(to: group)
            StockTrailController(events: fixture.events, trail: StockTrailStore(database: fixture.database))
                .addRoutes(to: group)
        } _: { client in
            try await body(client)
        }
    }
}
