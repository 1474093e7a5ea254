import Contracts
import Logging
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct SweepExpiredHoldsTests {
    @Test("the sweep ends what is past its end and nothing else")
    func sweep() async throws {
        let fixture = try await InventoryFixture()
        let old = try await fixture.reserve(.seats(["A-1-1"]))
        fixture.clock.advance(by: .seconds(300))
        let young = try await fixture.reserve(.seats(["A-1-2"]))
        fixture.clock.advance(by: .seconds(300))
        let sweep = SweepExpiredHolds(
            reservations: fixture.reservations, clock: fixture.clock, interval: .seconds(1),
            logger: Logger(label: "test"))
        #expect(try await sweep.sweep() == 1)
        #expect(try await sweep.sweep() == 0)
        #expect(try await fixture.reservations.find(old.id)?.storedStatus == .expired)
        #expect(try await fixture.reservations.find(young.id)?.storedStatus == .active)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 1)
    }
}
