import Contracts
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct SaleStoreTests {
    /// A reservation of two seats and three places that booking `b` bought.
    private func sell(_ fixture: InventoryFixture, seats: Bool = true) async throws -> Reservation {
        let now = fixture.clock.now()
        let reservation = try await fixture.reserve(
            seats ? .seats(["A-1-1", "A-1-2"]) : .items([.init(ticketTypeID: fixture.standingID, quantity: 3)]))
        _ = try await fixture.reservations.pin(reservation.id, for: "b", by: "ada", at: now)
        try await fixture.reservations.commit(reservation.id, for: "b")
        return reservation
    }

    private func kept(_ fixture: InventoryFixture, seats: [String] = [], places: Int = 0, by booking: String = "b")
        -> KeptPlaces
    {
        var lines: [KeptPlaces.Line] = []
        if !seats.isEmpty {
            lines.append(.init(ticketTypeId: fixture.stallsID, quantity: seats.count, seatNumbers: seats))
        }
        if places > 0 { lines.append(.init(ticketTypeId: fixture.standingID, quantity: places, seatNumbers: [])) }
        return KeptPlaces(bookingId: booking, lines: lines)
    }

    @Test("seats of a sale are given back one after the other, and somebody else buys them")
    func seats() async throws {
        let fixture = try await InventoryFixture()
        let sales = SaleStore(database: fixture.database)
        let sale = try await sell(fixture)
        for _ in 1...2 {
            try await sales.keep(kept(fixture, seats: ["A-1-2"]), of: sale.id)
            #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 0, sold: 1))
            #expect(try await fixture.reservations.find(sale.id)?.lines.map(\.seatNumbers) == [["A-1-2"]])
        }
        try await fixture.reserve(.seats(["A-1-1"]), by: "bob")
        for _ in 1...2 {
            try await sales.keep(kept(fixture), of: sale.id)
            #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 1, sold: 0))
        }
        let ended = try #require(try await fixture.reservations.find(sale.id))
        #expect(ended.storedStatus == .released && ended.bookingID == nil)
        try await fixture.reserve(.seats(["A-1-2"]), by: "bob")
    }

    @Test("places without numbers are counted, twice told or told late they are given back once")
    func places() async throws {
        let fixture = try await InventoryFixture()
        let sales = SaleStore(database: fixture.database)
        let sale = try await sell(fixture, seats: false)
        try await sales.keep(kept(fixture, places: 1), of: sale.id)
        // What an older message would keep is not taken back from whoever may have it by now.
        for places in [1, 2, 3, 9] { try await sales.keep(kept(fixture, places: places), of: sale.id) }
        #expect(try await fixture.stock(of: fixture.standingID) == TicketTypeStock(total: 5, reserved: 0, sold: 1))
        let report = try await ReconciliationStore(database: fixture.database).read(
            fixture.eventID, after: "", limit: 10)
        #expect(report?.sales.map(\.quantity) == [1])
        try await sales.keep(kept(fixture), of: sale.id)
        #expect(try await fixture.stock(of: fixture.standingID)?.sold == 0)
    }

    @Test("only what the booking bought is given back")
    func foreign() async throws {
        let fixture = try await InventoryFixture()
        let sales = SaleStore(database: fixture.database)
        let sale = try await sell(fixture)
        let held = try await fixture.reserve(.seats(["A-2-1"]))
        for (booking, id) in [("other", sale.id), ("b", held.id), ("b", "none")] {
            await #expect(throws: ReservationRefusal.reservationUnknown) {
                try await sales.keep(kept(fixture, by: booking), of: id)
            }
        }
        try await fixture.reservations.release(held.id, by: "ada", at: fixture.clock.now())
        await #expect(throws: ReservationRefusal.reservationUnknown) {
            try await sales.keep(kept(fixture), of: held.id)
        }
        #expect(try await fixture.stock(of: fixture.stallsID)?.sold == 2)
    }

    @Test("many at once give every place back once")
    func atOnce() async throws {
        let fixture = try await InventoryFixture()
        let sales = SaleStore(database: fixture.database)
        let sale = try await sell(fixture, seats: false)
        await withTaskGroup(of: Void.self) { group in
            for places in [2, 1, 0, 2, 1, 0] {
                group.addTask { try? await sales.keep(kept(fixture, places: places), of: sale.id) }
            }
        }
        #expect(try await fixture.stock(of: fixture.standingID) == TicketTypeStock(total: 5, reserved: 0, sold: 0))
        #expect(try await fixture.reservations.find(sale.id)?.storedStatus == .released)
    }
}
