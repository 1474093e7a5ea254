import Contracts
import DatabaseKit
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct SeatTableTests {
    @Test(
        "what concerns a few seats of an event reads no more than these, whether statistics know other events or none",
        arguments: [true, false])
    func unknownEvent(isAnalysed: Bool) async throws {
        guard TestDatabase.current == .postgres else { return }
        let fixture = try await InventoryFixture()
        for _ in 0..<3 { try await makeEvent(fixture, rows: 20) }
        if isAnalysed { try await fixture.database.write { session in _ = try session.execute("ANALYZE") } }
        let eventID = try await makeEvent(fixture, rows: 200)
        let now = fixture.clock.now()
        let numbers = ["A-2-1", "A-2-2"]
        let failure = ReservationRefusal.expired
        var steps: [@Sendable (any SQLSession) throws -> Void] = [
            { _ = try SeatTable.candidates((1...64).map { "A-150-\($0)" }, of: eventID, at: now, in: $0) },
            { try SeatTable.take([100, 101], of: eventID, for: "r", fence: 1, in: $0) },
            { _ = try SeatTable.find(numbers, of: eventID, in: $0) },
            { _ = try SeatTable.find(ordinals: [100, 101], of: eventID, in: $0) },
            { try SeatTable.free(numbers, of: eventID, heldBy: "r", orThrow: failure, in: $0) },
            { try SeatTable.sellFree(numbers, of: eventID, to: "r", orThrow: failure, in: $0) },
            { _ = try SeatTable.freeOrdinals(in: 0..<100, of: eventID, in: $0) },
        ]
        if isAnalysed {
            // Until then a page is as many rows as the planner believes that there are, and it sorts them.
            steps.append { session in
                let query = SeatQuery(
                    eventID: eventID, status: nil, section: nil, afterOrdinal: 10_000, limit: 100)
                _ = try SeatTable.page(query, at: now, in: session)
            }
        }
        let read = try await fixture.database.write { [steps] session in
            var counts: [Int64] = [try Self.rowsRead(session)]
            for step in steps {
                try step(session)
                counts.append(try Self.rowsRead(session))
            }
            return zip(counts.dropFirst(), counts).map { $0 - $1 }
        }
        #expect(read.allSatisfy { $0 <= 128 }, "\(read)")
    }

    /// An event of rows with 100 seats each.
    @discardableResult
    private func makeEvent(_ fixture: InventoryFixture, rows: Int) async throws -> String {
        let now = fixture.clock.now()
        let eventID = UUIDv7.make(at: now)
        let section = EventRules.Section(name: "A", rows: rows, seatsPerRow: 100, firstOrdinal: 0)
        _ = try await PutEventRules(events: fixture.events, clock: fixture.clock).execute(
            EventRules(
                eventId: eventID, ownerId: "owner", version: 1, status: .active, isActive: true,
                eventDate: now + .seconds(86_400), endDate: nil, maxPerOrder: 10, reserveOn: .checkout,
                ticketTypes: [
                    EventRules.TicketType(
                        ticketTypeId: UUIDv7.make(at: now), name: "Seat", priceMinorUnits: 100, currency: "USD",
                        seating: .reserved, capacity: section.seats, sections: [section], saleStartsAt: nil,
                        saleEndsAt: nil, isActive: true)
                ]))
        return eventID
    }

    /// Rows of seats that this transaction has fetched so far, by an index or otherwise.
    private static func rowsRead(_ session: any SQLSession) throws -> Int64 {
        try session.first(
            "SELECT CAST(idx_tup_fetch + seq_tup_read AS BIGINT) FROM pg_stat_xact_user_tables WHERE relname = 'seats'"
        )?.int64(0) ?? 0
    }
}
