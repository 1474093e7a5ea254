import Contracts
import DatabaseKit
import ServiceKit
import TestSupport
import Testing

@testable import inventory

/// What inventory decides about rules that events pushes, once for each version.
@Suite(.onBothDatabases) struct RulesDecisionTests {
    private func rules(
        _ fixture: InventoryFixture, version: Int64, sections: [EventRules.Section]?, standing: Int? = 5,
        status: EventStatus = .active
    ) -> EventRules {
        var types: [EventRules.TicketType] = []
        if let sections {
            types.append(
                EventRules.TicketType(
                    ticketTypeId: fixture.stallsID, name: "Stalls", priceMinorUnits: 5000, currency: "USD",
                    seating: .reserved, capacity: sections.reduce(0) { $0 + $1.seats }, sections: sections,
                    saleStartsAt: nil, saleEndsAt: nil, isActive: true))
        }
        if let standing {
            types.append(
                EventRules.TicketType(
                    ticketTypeId: fixture.standingID, name: "Standing", priceMinorUnits: 2000, currency: "USD",
                    seating: .general, capacity: standing, sections: [], saleStartsAt: nil, saleEndsAt: nil,
                    isActive: true))
        }
        return EventRules(
            eventId: fixture.eventID, ownerId: "owner", version: version, status: status, isActive: true,
            eventDate: fixture.clock.now() + .seconds(86_400), endDate: nil, maxPerOrder: 10, reserveOn: .checkout,
            ticketTypes: types)
    }

    private let sectionA = EventRules.Section(name: "A", rows: 2, seatsPerRow: 5, firstOrdinal: 0)
    private let sectionB = EventRules.Section(name: "B", rows: 2, seatsPerRow: 3, firstOrdinal: 10)

    private func put(_ fixture: InventoryFixture, _ rules: EventRules) async throws -> RulesDecision {
        try await PutEventRules(events: fixture.events, clock: fixture.clock).execute(rules)
    }

    private func remove(_ fixture: InventoryFixture, version: Int64) async throws -> RulesDecision {
        try await RemoveEvent(events: fixture.events, clock: fixture.clock).execute(fixture.eventID, version: version)
    }

    private func seats(_ fixture: InventoryFixture) async throws -> [Seat] {
        try await fixture.events.seats(
            SeatQuery(eventID: fixture.eventID, limit: 1000), at: fixture.clock.now())?.seats ?? []
    }

    @Test("a refusal stays one for its version, whatever is freed later; the next version is decided anew")
    func decidedOnce() async throws {
        let fixture = try await InventoryFixture()
        let held = try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 3)]))
        let small = RulesDecision(.capacityBelowSold, conflicts: [fixture.standingID])
        #expect(try await put(fixture, rules(fixture, version: 2, sections: [sectionA], standing: 2)) == small)
        try await fixture.reservations.release(held.id, by: "ada", at: fixture.clock.now())
        #expect(try await put(fixture, rules(fixture, version: 2, sections: [sectionA], standing: 2)) == small)
        #expect(try await fixture.stock(of: fixture.standingID)?.total == 5)
        let next = try await put(fixture, rules(fixture, version: 3, sections: [sectionA], standing: 2))
        #expect(next == RulesDecision(.applied))
        #expect(try await fixture.stock(of: fixture.standingID)?.total == 2)
        let late = try await put(fixture, rules(fixture, version: 2, sections: [sectionA], standing: 5))
        #expect(late == RulesDecision(.superseded))
    }

    @Test("a hold that is past its end stands against nothing")
    func endedHolds() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 3)]))
        fixture.clock.advance(by: .seconds(601))
        let decision = try await put(fixture, rules(fixture, version: 2, sections: [sectionA], standing: 1))
        #expect(decision == RulesDecision(.applied))
        #expect(try await fixture.stock(of: fixture.standingID) == TicketTypeStock(total: 1, reserved: 0, sold: 0))
    }

    @Test("a new section's seats can be bought, behind all others")
    func addedSection() async throws {
        let fixture = try await InventoryFixture()
        let decision = try await put(fixture, rules(fixture, version: 2, sections: [sectionA, sectionB]))
        #expect(decision == RulesDecision(.applied))
        let all = try await seats(fixture)
        #expect(all.count == 16 && all.allSatisfy { $0.status == .available })
        #expect(all.last?.number == "B-2-3" && all.last?.ordinal == 15)
        try await fixture.reserve(.seats(["B-2-3"]))
    }

    @Test("seats of refused rules leave no trace, and cannot be bought meanwhile")
    func refusedSection() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 3)]))
        let decision = try await put(fixture, rules(fixture, version: 2, sections: [sectionA, sectionB], standing: 1))
        #expect(decision.outcome == .capacityBelowSold)
        #expect(try await seats(fixture).count == 10)
    }

    @Test("seats that a dead process left half made are made whole")
    func interruptedSection() async throws {
        let fixture = try await InventoryFixture()
        let places = Array(SeatPlan.places(of: sectionB)).prefix(4)
        try await fixture.events.insert(
            places.map { EventStore.NewSeat(ticketTypeID: fixture.stallsID, place: $0) }, of: fixture.eventID,
            as: .blocked)
        await #expect(throws: ReservationRefusal.self) { try await fixture.reserve(.seats(["B-1-1"])) }
        await #expect(throws: MissingSeats.self) {
            try await fixture.events.decide(
                rules(fixture, version: 2, sections: [sectionA, sectionB]), at: fixture.clock.now())
        }
        _ = try await put(fixture, rules(fixture, version: 2, sections: [sectionA, sectionB]))
        #expect(try await seats(fixture).filter { $0.status == .available }.count == 16)
    }

    @Test("a section goes only while nobody has a seat of it, and a ticket type only while nobody has a place")
    func droppedSection() async throws {
        let fixture = try await InventoryFixture()
        _ = try await put(fixture, rules(fixture, version: 2, sections: [sectionA, sectionB]))
        let held = try await fixture.reserve(.seats(["B-1-1"]))
        let taken = try await put(fixture, rules(fixture, version: 3, sections: [sectionA]))
        #expect(taken == RulesDecision(.seatsTaken, conflicts: ["B"]))
        let sold = try await put(fixture, rules(fixture, version: 4, sections: nil))
        #expect(sold == RulesDecision(.capacityBelowSold, conflicts: [fixture.stallsID]))
        try await fixture.reservations.release(held.id, by: "ada", at: fixture.clock.now())
        #expect(try await put(fixture, rules(fixture, version: 5, sections: [sectionA])).outcome == .applied)
        #expect(try await seats(fixture).map(\.section).contains("B") == false)
        #expect(try await put(fixture, rules(fixture, version: 6, sections: nil)).outcome == .applied)
        #expect(try await seats(fixture).isEmpty)
        #expect(try await fixture.stock(of: fixture.stallsID) == nil)
    }

    @Test("once refunds began a cancelled event does not come back")
    func refunds() async throws {
        let fixture = try await InventoryFixture()
        #expect(try await !fixture.events.beginRefunds(of: fixture.eventID), "it is on sale")
        _ = try await put(fixture, rules(fixture, version: 2, sections: [sectionA], status: .cancelled))
        _ = try await put(fixture, rules(fixture, version: 3, sections: [sectionA]))
        #expect(try await fixture.events.find(fixture.eventID)?.status == .active)
        _ = try await put(fixture, rules(fixture, version: 4, sections: [sectionA], status: .cancelled))
        #expect(try await fixture.events.beginRefunds(of: fixture.eventID))
        let decision = try await put(fixture, rules(fixture, version: 5, sections: [sectionA]))
        #expect(decision == RulesDecision(.refundsBegan))
        #expect(try await fixture.events.find(fixture.eventID)?.status == .cancelled)
    }

    @Test("an event that nobody holds anything of is removed with its seats, and its rules cannot come back late")
    func removed() async throws {
        let fixture = try await InventoryFixture(rows: 60, seatsPerRow: 50)
        #expect(try await remove(fixture, version: 3) == RulesDecision(.removed))
        #expect(try await remove(fixture, version: 3) == RulesDecision(.removed))
        #expect(try await fixture.events.find(fixture.eventID) == nil)
        let left = try await fixture.database.read { try $0.first("SELECT COUNT(*) FROM seats")?.int(0) }
        #expect(left == 0)
        let late = try await put(fixture, rules(fixture, version: 2, sections: [sectionA]))
        #expect(late == RulesDecision(.superseded))
        await #expect(throws: ReservationRefusal.eventUnknown) { try await fixture.reserve(.seats(["A-1-1"])) }
    }

    @Test("an event with a live hold is closed, and removed when the hold has ended")
    func closed() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.seats(["A-1-1"]))
        #expect(try await remove(fixture, version: 2) == RulesDecision(.closed))
        await #expect(throws: ReservationRefusal.self) { try await fixture.reserve(.seats(["A-1-2"])) }
        fixture.clock.advance(by: .seconds(601))
        #expect(try await remove(fixture, version: 2) == RulesDecision(.closed), "decided once")
        #expect(try await remove(fixture, version: 3) == RulesDecision(.removed))
    }

    @Test("an event with sold places is closed")
    func sold() async throws {
        let fixture = try await InventoryFixture()
        let held = try await fixture.reserve(.seats(["A-1-1"]))
        _ = try await fixture.reservations.pin(held.id, for: "b1", by: "ada", at: fixture.clock.now())
        try await fixture.reservations.commit(held.id, for: "b1")
        #expect(try await remove(fixture, version: 2) == RulesDecision(.closed))
        #expect(try await seats(fixture).first?.status == .sold)
    }

    @Test("counters are told when they changed, or when a hold has ended that was not swept")
    func report() async throws {
        let fixture = try await InventoryFixture()
        func report(_ known: Int64) async throws -> StockReport {
            try await fixture.events.report(since: [fixture.eventID: known], at: fixture.clock.now())
        }
        try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 2)]))
        let first = try #require(try await report(0).changed.first)
        #expect(first.ticketTypes[fixture.standingID]?.available == 3)
        #expect(try await report(first.version).unchanged == [fixture.eventID])
        fixture.clock.advance(by: .seconds(601))
        let ended = try await report(first.version)
        #expect(ended.changed.first?.ticketTypes[fixture.standingID]?.available == 5)
        let unknown = UUIDv7.make(at: fixture.clock.now())
        let nothing = try await fixture.events.report(since: [unknown: 0], at: fixture.clock.now())
        #expect(nothing == StockReport(changed: [], unchanged: []))
    }
}
