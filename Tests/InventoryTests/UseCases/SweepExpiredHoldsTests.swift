import Contracts
import Logging
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct SweepExpiredHoldsTests {
    private static func sweeper(
        _ fixture: InventoryFixture, _ process: String, interval: Duration = .seconds(1)
    ) -> SweepExpiredHolds {
        SweepExpiredHolds(
            reservations: fixture.reservations, clock: fixture.clock, interval: interval,
            logger: Logger(label: "test"), process: process)
    }

    @Test("the sweep ends what is past its end and nothing else")
    func sweep() async throws {
        let fixture = try await InventoryFixture()
        let old = try await fixture.reserve(.seats(["A-1-1"]))
        fixture.clock.advance(by: .seconds(300))
        let young = try await fixture.reserve(.seats(["A-1-2"]))
        fixture.clock.advance(by: .seconds(300))
        let sweep = Self.sweeper(fixture, "a")
        #expect(try await sweep.sweep() == 1)
        #expect(try await sweep.sweep() == 0)
        #expect(try await fixture.reservations.find(old.id)?.storedStatus == .expired)
        #expect(try await fixture.reservations.find(young.id)?.storedStatus == .active)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 1)
    }

    @Test("one replica sweeps at a time, and another takes over when that one sweeps no more")
    func oneAtATime() async throws {
        let fixture = try await InventoryFixture()
        let first = Self.sweeper(fixture, "a", interval: .seconds(3600))
        let second = Self.sweeper(fixture, "b", interval: .seconds(3600))
        func endHold(_ seat: String) async throws {
            try await fixture.reserve(.seats([seat]))
            fixture.clock.advance(by: .seconds(600))
        }
        try await endHold("A-1-1")
        #expect(try await first.sweep() == 1)
        try await endHold("A-1-2")
        #expect(try await second.sweep() == 0)
        #expect(try await first.sweep() == 1)
        try await endHold("A-1-3")
        fixture.clock.advance(by: .seconds(3000))
        #expect(try await second.sweep() == 1)
    }
}
