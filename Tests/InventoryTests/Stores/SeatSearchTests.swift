import Contracts
import DatabaseKit
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import inventory

/// What is remembered of free seats is a hint: whoever changed the stock, the database has the last word.
@Suite(.onBothDatabases) struct SeatSearchTests {
    private func best(_ fixture: InventoryFixture, _ quantity: Int) -> ReservationOrder.Selection {
        .bestAvailable(ticketTypeID: fixture.stallsID, section: nil, quantity: quantity)
    }

    private func seats(_ reservation: Reservation) -> [String] { reservation.lines.flatMap(\.seatNumbers) }

    @Test("seats that somebody took by number, here or in another process, are not chosen")
    func takenElsewhere() async throws {
        let fixture = try await InventoryFixture(rows: 3)
        let (here, there) = (HoldLimits(fixture), HoldLimits(fixture))
        #expect(try await seats(fixture.reserve(best(fixture, 2), limits: here)) == ["A-1-1", "A-1-2"])
        try await fixture.reserve(.seats(["A-1-3", "A-2-1"]), by: "bob", limits: there)
        #expect(try await seats(fixture.reserve(best(fixture, 2), limits: here)) == ["A-1-4", "A-1-5"])
        #expect(try await seats(fixture.reserve(best(fixture, 2), limits: there)) == ["A-2-2", "A-2-3"])
    }

    @Test("seats that were freed are chosen again, whoever freed them and how")
    func freedElsewhere() async throws {
        let fixture = try await InventoryFixture()
        let (here, there) = (HoldLimits(fixture), HoldLimits(fixture))
        let first = try await fixture.reserve(best(fixture, 5), limits: here)
        let second = try await fixture.reserve(best(fixture, 5), by: "bob", limits: here)
        await #expect(throws: ReservationRefusal.soldOut([fixture.stallsID])) {
            try await fixture.reserve(best(fixture, 1), by: "cyd", limits: here)
        }
        #expect(seats(first).first == "A-1-1" && seats(second).first == "A-2-1")
        try await fixture.reservations.releaseSeat("A-2-5", of: second.id, by: "bob", at: fixture.clock.now())
        try await fixture.reservations.releaseSeat("A-2-4", of: second.id, by: "bob", at: fixture.clock.now())
        #expect(try await seats(fixture.reserve(best(fixture, 2), by: "cyd", limits: here)) == ["A-2-4", "A-2-5"])
        try await fixture.reservations.release(first.id, by: "ada", at: fixture.clock.now())
        #expect(try await seats(fixture.reserve(best(fixture, 5), by: "ada", limits: there)) == seats(first))
        fixture.clock.advance(by: .seconds(600))
        #expect(try await seats(fixture.reserve(best(fixture, 5), by: "dan", limits: here)) == seats(first))
    }

    @Test("what a transaction found that was undone is not remembered")
    func undone() async throws {
        let fixture = try await InventoryFixture()
        let limits = HoldLimits(fixture)
        await #expect(throws: ReservationRefusal.soldOut([fixture.standingID])) {
            try await fixture.reserve(
                .items([
                    .init(ticketTypeID: fixture.stallsID, quantity: 4),
                    .init(ticketTypeID: fixture.standingID, quantity: 6),
                ]), limits: limits)
        }
        #expect(try await seats(fixture.reserve(best(fixture, 5), limits: limits)).first == "A-1-1")
    }

    @Test("new rules are followed at once")
    func newRules() async throws {
        let fixture = try await InventoryFixture()
        let limits = HoldLimits(fixture)
        try await fixture.reserve(best(fixture, 5), limits: limits)
        try await fixture.reserve(best(fixture, 5), by: "bob", limits: limits)
        await #expect(throws: ReservationRefusal.self) {
            try await fixture.reserve(best(fixture, 1), by: "cyd", limits: limits)
        }
        let other = EventRules.Section(name: "B", rows: 1, seatsPerRow: 2, firstOrdinal: 10)
        _ = try await PutEventRules(events: fixture.events, clock: fixture.clock).execute(
            fixture.rules(version: 2, adding: other))
        #expect(try await seats(fixture.reserve(best(fixture, 2), by: "cyd", limits: limits)) == ["B-1-1", "B-1-2"])
    }

    @Test("a section that the event does not have is named, and one that is sold out is not")
    func sections() async throws {
        let fixture = try await InventoryFixture()
        func inSection(_ name: String, _ quantity: Int) -> ReservationOrder.Selection {
            .bestAvailable(ticketTypeID: nil, section: name, quantity: quantity)
        }
        await #expect(throws: ReservationRefusal.sectionUnknown("Z")) { try await fixture.reserve(inSection("Z", 1)) }
        try await fixture.reserve(inSection("A", 10))
        await #expect(throws: ReservationRefusal.soldOut([])) {
            try await fixture.reserve(inSection("A", 1), by: "bob")
        }
    }

    @Test("the best of general admission is any place, and a sale that is not on says so")
    func otherTypes() async throws {
        let fixture = try await InventoryFixture()
        let standing = ReservationOrder.Selection.bestAvailable(
            ticketTypeID: fixture.standingID, section: nil, quantity: 2)
        #expect(try await fixture.reserve(standing).lines.map(\.quantity) == [2])
        await #expect(throws: ReservationRefusal.ticketTypesUnknown(["nope"])) {
            try await fixture.reserve(.bestAvailable(ticketTypeID: "nope", section: nil, quantity: 1))
        }
        let start = fixture.clock.now() + .seconds(60)
        _ = try await PutEventRules(events: fixture.events, clock: fixture.clock).execute(
            fixture.rules(version: 2, saleStartsAt: start))
        for type in [nil, fixture.stallsID] {
            await #expect(throws: ReservationRefusal.notOnSale("Stalls is on sale from \(start).", from: start)) {
                try await fixture.reserve(.bestAvailable(ticketTypeID: type, section: nil, quantity: 1))
            }
        }
    }

    @Test("a search reads few rows of a large hall, however many are sold")
    func largeHall() async throws {
        let fixture = try await InventoryFixture(rows: 1000, seatsPerRow: 20)
        let limits = HoldLimits(fixture)
        // All but the last two rows, as a day of sales would leave it.
        try await fixture.database.write { session in
            try session.execute(
                """
                UPDATE seats SET status = 'Sold', reservation_id = 'r' WHERE event_id = $1 AND ordinal < $2
                """, fixture.eventID, Int64(998 * 20))
        }
        #expect(try await seats(fixture.reserve(best(fixture, 4), limits: limits)).first == "A-999-1")
        let reads = try await fixture.database.write { session in
            let counting = CountingSession(session)
            let search = SeatSearch(limits.freeSeats)
            let event = try #require(try SaleEventTable.find(fixture.eventID, in: session))
            let wish = BestAvailable.Wish(quantity: 2, section: nil, ticketTypeIDs: [fixture.stallsID])
            #expect(try search.best(wish, of: event, in: counting)?.map(\.number) == ["A-999-5", "A-999-6"])
            return counting.rowsRead
        }
        #expect(reads <= 20 + 2 + 1)
    }
}

extension InventoryFixture {
    /// The fixture's rules with another section, or on sale from a later time.
    fileprivate func rules(
        version: Int64, adding section: EventRules.Section? = nil, saleStartsAt: Timestamp? = nil
    ) -> EventRules {
        let first = EventRules.Section(name: "A", rows: 2, seatsPerRow: 5, firstOrdinal: 0)
        let sections = [first] + (section.map { [$0] } ?? [])
        let stalls = EventRules.TicketType(
            ticketTypeId: stallsID, name: "Stalls", priceMinorUnits: 5000, currency: "USD", seating: .reserved,
            capacity: sections.reduce(0) { $0 + $1.seats }, sections: sections, saleStartsAt: saleStartsAt,
            saleEndsAt: nil, isActive: true)
        let standing = EventRules.TicketType(
            ticketTypeId: standingID, name: "Standing", priceMinorUnits: 2000, currency: "USD", seating: .general,
            capacity: Self.standingCapacity, sections: [], saleStartsAt: nil, saleEndsAt: nil, isActive: true)
        return EventRules(
            eventId: eventID, ownerId: "owner", version: version, status: .active, isActive: true,
            eventDate: clock.now() + .seconds(86_400), endDate: nil, maxPerOrder: 10, reserveOn: .checkout,
            ticketTypes: [stalls, standing])
    }
}

/// Counts the rows that queries bring.
private final class CountingSession: SQLSession {
    private let session: any SQLSession
    private(set) var rowsRead = 0
    var dialect: SQLDialect { session.dialect }

    init(_ session: any SQLSession) {
        self.session = session
    }

    func query(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> [SQLRow] {
        let rows = try session.query(sql, parameters)
        rowsRead += rows.count
        return rows
    }

    func execute(_ sql: String, _ parameters: [any SQLValueConvertible]) throws -> Int {
        try session.execute(sql, parameters)
    }

    func demand(
        rows: Int?, orThrow failure: @autoclosure () -> any Error, _ sql: String,
        _ parameters: [any SQLValueConvertible]
    ) throws {
        try session.demand(rows: rows, orThrow: failure(), sql, parameters)
    }

    func announce(_ subject: String) {
        session.announce(subject)
    }
}
