import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct PutEventRulesTests {
    @Test("seats are made in seat order, row by row")
    func seatOrder() async throws {
        let fixture = try await InventoryFixture(rows: 2, seatsPerRow: 11)
        let page = try await fixture.events.seats(
            SeatQuery(eventID: fixture.eventID, limit: 100), at: fixture.clock.now())
        #expect(page?.seats.map(\.number) == (1...2).flatMap { row in (1...11).map { "A-\(row)-\($0)" } })
    }

    @Test("a hall of many statements and transactions is made whole")
    func largeHall() async throws {
        let fixture = try await InventoryFixture(rows: 50, seatsPerRow: 101)
        let query = SeatQuery(eventID: fixture.eventID, limit: 10_000)
        let page = try #require(try await fixture.events.seats(query, at: fixture.clock.now()))
        #expect(Set(page.seats.map(\.number)).count == 5050)
        #expect(page.seats.map(\.ordinal) == Array(0..<5050))
        #expect(try await fixture.stock(of: fixture.stallsID)?.available == 5050)
    }

    @Test("the same rules again, and older ones, change nothing")
    func versions() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.seats(["A-1-1"]))
        try await fixture.putRules(version: 1, status: .cancelled)
        #expect(try await fixture.events.find(fixture.eventID)?.status == .active)
        try await fixture.putRules(version: 2, status: .cancelled)
        #expect(try await fixture.events.find(fixture.eventID)?.status == .cancelled)
        #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 1, sold: 0))
    }

    @Test("names that could break keys and columns are refused", arguments: ["", "A:B", "A,B", "A;B", "A-1", "A'"])
    func sectionNames(name: String) async throws {
        let fixture = try await InventoryFixture()
        let type = EventRules.TicketType(
            ticketTypeId: fixture.stallsID, name: "X", priceMinorUnits: 1, currency: "USD", seating: .reserved,
            capacity: 1, sections: [EventRules.Section(name: name, rows: 1, seatsPerRow: 1, firstOrdinal: 0)],
            saleStartsAt: nil, saleEndsAt: nil, isActive: true)
        let rules = EventRules(
            eventId: UUIDv7.make(at: fixture.clock.now()), ownerId: "o", version: 1, status: .active, isActive: true,
            eventDate: fixture.clock.now() + .seconds(60), endDate: nil, maxPerOrder: 10, reserveOn: .checkout,
            ticketTypes: [type])
        await #expect(throws: Problem.self) {
            try await PutEventRules(events: fixture.events, clock: fixture.clock).execute(rules)
        }
        #expect(try await fixture.events.find(rules.eventId) == nil)
    }
}
