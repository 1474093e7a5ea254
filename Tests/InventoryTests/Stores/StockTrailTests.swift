import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import inventory

/// Whatever happens to places leaves an entry, in the transaction that made it happen.
@Suite(.onBothDatabases) struct StockTrailTests {
    private let fixture: InventoryFixture

    init() async throws {
        fixture = try await InventoryFixture()
    }

    @Test("a hold's release, its end by time, its shrinking, its sale and what is taken back of it")
    func holds() async throws {
        let released = try await fixture.reserve(.seats(["A-1-1"]))
        try await fixture.reservations.release(released.id, by: "ada", at: fixture.clock.now())
        let shrunk = try await fixture.reserve(.seats(["A-1-2", "A-1-3"]))
        try await fixture.reservations.releaseSeat("A-1-2", of: shrunk.id, by: "ada", at: fixture.clock.now())
        _ = try await fixture.reservations.pin(shrunk.id, for: "b1", by: "ada", at: fixture.clock.now())
        try await fixture.reservations.commit(shrunk.id, for: "b1")
        try await SaleStore(database: fixture.database).keep(
            KeptPlaces(bookingId: "b1", lines: []), of: shrunk.id)
        let late = try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 2)]))
        fixture.clock.advance(by: .seconds(3600))
        #expect(try await fixture.reservations.expire(late.id, at: fixture.clock.now()))

        let entries = try await entries()
        #expect(entries.map(\.action) == ["expired", "returned", "sold", "changed", "released"])
        #expect(entries.map(\.actor) == ["system", "booking:b1", "booking:b1", "user:ada", "user:ada"])
        #expect(entries.map(\.reservationId) == [late, shrunk, shrunk, shrunk, released].map(\.id))
        #expect(entries.map(\.before.seatNumbers) == [[], ["A-1-3"], ["A-1-3"], ["A-1-2", "A-1-3"], ["A-1-1"]])
        #expect(entries.map(\.after.seatNumbers) == [[], [], ["A-1-3"], ["A-1-3"], []])
        #expect(entries.map(\.before.quantity) == [2, 1, 1, 2, 1])
        #expect(entries.map(\.after.quantity) == [0, 0, 1, 1, 0])
        #expect(entries.allSatisfy { $0.reservedAt != nil })
    }

    @Test("what an organizer offers more, and what is kept back")
    func offer() async throws {
        try await fixture.putRules(version: 2, standingCapacity: 9)
        _ = try await fixture.events.block(
            BlockedSeatsTransaction(
                eventID: fixture.eventID, seatNumbers: ["A-2-1", "A-2-2"], now: fixture.clock.now()))
        let entries = try await entries()
        #expect(entries.map(\.action) == ["blocked", "resized"])
        #expect(entries.map(\.ticketTypeId) == [fixture.stallsID, fixture.standingID])
        #expect(entries[0].before.blockedQuantity == 0 && entries[0].after.blockedQuantity == 2)
        #expect(entries[1].before.totalQuantity == 5 && entries[1].after.totalQuantity == 9)
    }

    @Test("what is refused, or only taken, leaves nothing; pages are counted")
    func nothing() async throws {
        let first = try await fixture.reserve(.seats(["A-1-1"]))
        await #expect(throws: ReservationRefusal.self) { try await fixture.reserve(.seats(["A-1-1"]), by: "bob") }
        #expect(try await entries().isEmpty)
        let second = try await fixture.reserve(.seats(["A-1-2"]))
        for hold in [first, second] {
            try await fixture.reservations.release(hold.id, by: "ada", at: fixture.clock.now())
            // Again, which changes nothing.
            try await fixture.reservations.release(hold.id, by: "ada", at: fixture.clock.now())
        }
        let page = try await StockTrailStore(database: fixture.database)
            .entries(ofEvent: fixture.eventID, PageRequest(page: 2, pageSize: 1))
        #expect(page.total == 2)
        #expect(page.page.map(\.reservationId) == [first.id])
    }

    private func entries() async throws -> [StockChangeDocument] {
        try await StockTrailStore(database: fixture.database)
            .entries(ofEvent: fixture.eventID, PageRequest(page: 1, pageSize: 100)).page
    }
}
