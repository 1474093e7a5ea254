import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct ReservationControllerTests {
    @Test func `the list says how many there are and leads to the next page`() async throws {
        let fixture = try await InventoryFixture()
        for seat in 1...3 { try await fixture.reserve(.seats(["A-1-\(seat)"])) }
        let harness = try ControllerHarness(fixture)
        let limits = HoldLimits(fixture)
        try await harness.run { router in
            ReservationController(
                reserveSeats: ReserveSeats(
                    reservations: fixture.reservations, locks: NoSeatLocks(), clock: fixture.clock, limits: limits),
                reservations: fixture.reservations, clock: fixture.clock,
                fingerprinter: harness.test.environment.fingerprinter
            ).addRoutes(to: router.group("reservations"))
        } _: { client in
            let first = try await client.get("/reservations?status=active&pageSize=2", as: "ada")
            #expect(first.status == .ok)
            #expect(first.headers[.xTotalCount] == "3")
            #expect(first.headers[.link] == "</reservations?status=active&pageSize=2&page=2>; rel=\"next\"")
            let last = try await client.get("/reservations?status=active&pageSize=2&page=2", as: "ada")
            #expect(last.headers[.xTotalCount] == "3")
            #expect(last.headers[.link] == nil)
            let documents = try WireJSON.decoder.decode(
                [ReservationDocument].self, from: Data(last.body.readableBytesView))
            #expect(documents.count == 1)
            let nobodys = try await client.get("/reservations", as: "bob")
            #expect(nobodys.headers[.xTotalCount] == "0")
        }
    }
}
