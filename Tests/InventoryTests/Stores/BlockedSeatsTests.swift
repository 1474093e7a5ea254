import Contracts
import DatabaseKit
import TestSupport
import Testing

@testable import inventory

@Suite("Blocked seats", .onBothDatabases)
struct BlockedSeatsTests {
    private func block(_ numbers: Set<String>, in fixture: InventoryFixture) async throws -> Int64 {
        try await fixture.events.block(
            BlockedSeatsTransaction(eventID: fixture.eventID, seatNumbers: numbers, now: fixture.clock.now()))
    }

    private func seats(_ status: SeatStatus, of fixture: InventoryFixture) async throws -> [String] {
        let query = SeatQuery(eventID: fixture.eventID, status: status, limit: 100)
        return try await fixture.events.seats(query, at: fixture.clock.now())?.seats.map(\.number) ?? []
    }

    @Test("a blocked seat cannot be had, by number, by quantity or as the best")
    func unsellable() async throws {
        let fixture = try await InventoryFixture(rows: 1, seatsPerRow: 3)
        _ = try await block(["A-1-1", "A-1-2"], in: fixture)
        #expect(try await seats(.blocked, of: fixture) == ["A-1-1", "A-1-2"])
        await #expect(throws: ReservationRefusal.seatsUnavailable(["A-1-1"])) {
            try await fixture.reserve(.seats(["A-1-1"]))
        }
        await #expect(throws: ReservationRefusal.self) {
            try await fixture.reserve(.bestAvailable(ticketTypeID: nil, section: "A", quantity: 2))
        }
        let best = try await fixture.reserve(.bestAvailable(ticketTypeID: nil, section: "A", quantity: 1))
        #expect(best.lines.flatMap(\.seatNumbers) == ["A-1-3"])
        await #expect(throws: ReservationRefusal.self) {
            try await fixture.reserve(
                .items([ReservationOrder.Item(ticketTypeID: fixture.stallsID, quantity: 1)]))
        }
    }

    @Test("counters follow, and each change moves the version; the same list again changes nothing")
    func counters() async throws {
        let fixture = try await InventoryFixture()
        let first = try await block(["A-1-1", "A-1-2", "A-2-1"], in: fixture)
        let stock = try await fixture.stock(of: fixture.stallsID)
        #expect(stock == TicketTypeStock(total: 10, reserved: 0, sold: 0, blocked: 3))
        #expect(stock?.available == 7)
        #expect(try await block(["A-1-1", "A-1-2", "A-2-1"], in: fixture) == first)
        let second = try await block(["A-2-1", "A-2-2"], in: fixture)
        #expect(second > first)
        #expect(try await fixture.stock(of: fixture.stallsID)?.blocked == 2)
        #expect(try await seats(.blocked, of: fixture) == ["A-2-1", "A-2-2"])
        _ = try await block([], in: fixture)
        #expect(try await fixture.stock(of: fixture.stallsID)?.blocked == 0)
        #expect(try await seats(.available, of: fixture).count == 10)
    }

    @Test("what buyers have cannot be blocked, and then nothing is; what they held too long can")
    func taken() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.seats(["A-1-2"]))
        await #expect(throws: ReservationRefusal.seatsUnavailable(["A-1-2"])) {
            _ = try await block(["A-1-1", "A-1-2"], in: fixture)
        }
        await #expect(throws: ReservationRefusal.seatsUnknown(["Z-1-1"])) {
            _ = try await block(["A-1-1", "Z-1-1"], in: fixture)
        }
        #expect(try await seats(.blocked, of: fixture) == [])
        fixture.clock.advance(by: .seconds(3600))
        _ = try await block(["A-1-2"], in: fixture)
        #expect(try await fixture.stock(of: fixture.stallsID) == .init(total: 10, reserved: 0, sold: 0, blocked: 1))
    }

    @Test("the database itself sells no blocked seat and counts none as left")
    func constraints() async throws {
        let fixture = try await InventoryFixture()
        _ = try await block(["A-1-1"], in: fixture)
        let event = fixture.eventID
        await #expect(throws: DatabaseError.self) {
            try await fixture.database.write { session in
                try session.execute(
                    "UPDATE seats SET reservation_id = 'r' WHERE event_id = $1 AND seat_number = 'A-1-1'", event)
            }
        }
        for counter in ["reserved", "sold"] {
            await #expect(throws: DatabaseError.self) {
                try await fixture.database.write { session in
                    try session.execute(
                        "UPDATE ticket_types SET \(counter) = 10 WHERE event_id = $1 AND ticket_type_id = $2", event,
                        fixture.stallsID)
                }
            }
        }
        await #expect(throws: DatabaseError.self) {
            try await fixture.database.write { session in
                try session.execute("UPDATE ticket_types SET blocked = -1 WHERE event_id = $1", event)
            }
        }
    }

    @Test("a section that goes takes its blocked seats along, and an event with blocked seats can be removed")
    func going() async throws {
        let fixture = try await InventoryFixture()
        _ = try await block(["A-1-1", "A-2-5"], in: fixture)
        let other = EventRules.Section(name: "B", rows: 1, seatsPerRow: 4, firstOrdinal: 10)
        let decision = try await fixture.putRules(version: 2, sections: [other])
        #expect(decision.outcome == .applied)
        #expect(try await fixture.stock(of: fixture.stallsID) == .init(total: 4, reserved: 0, sold: 0))
        _ = try await block(["B-1-1"], in: fixture)
        let removal = try await fixture.events.remove(fixture.eventID, version: 3, at: fixture.clock.now())
        #expect(removal.outcome == .removed)
    }
}
