import Contracts
import DatabaseKit
import Foundation
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite("Seat map", .onBothDatabases)
struct ReadSeatMapTests {
    private struct Map: Decodable {
        struct Section: Decodable {
            let name: String
            let ticketTypeId: String
            let rows: [String]
        }

        let eventId: String
        let version: Int64
        let statuses: [String: String]
        let sections: [Section]
    }

    private func read(_ maps: ReadSeatMap, _ fixture: InventoryFixture) async throws -> Map {
        let prepared = try #require(try await maps.execute(fixture.eventID, for: nil))
        return try WireJSON.decode(Map.self, from: prepared.json)
    }

    private func maps(_ fixture: InventoryFixture) -> ReadSeatMap {
        ReadSeatMap(store: SeatMapStore(database: fixture.database), clock: fixture.clock)
    }

    @Test("each seat is one character of its row, in the state it has now")
    func states() async throws {
        let fixture = try await InventoryFixture(rows: 2, seatsPerRow: 5)
        let maps = maps(fixture)
        let empty = try await read(maps, fixture)
        #expect(empty.sections.map(\.rows) == [["AAAAA", "AAAAA"]])
        #expect(empty.sections[0].ticketTypeId == fixture.stallsID)
        #expect(empty.statuses == ["A": "Available", "R": "Reserved", "S": "Sold", "B": "Blocked"])
        let sold = try await fixture.reserve(.seats(["A-1-2"]))
        _ = try await fixture.reservations.pin(sold.id, for: "b", by: "ada", at: fixture.clock.now())
        try await fixture.reservations.commit(sold.id, for: "b")
        try await fixture.reserve(.seats(["A-2-5"]))
        let blocking = BlockedSeatsTransaction(
            eventID: fixture.eventID, seatNumbers: ["A-1-5"], now: fixture.clock.now())
        _ = try await fixture.events.block(blocking)
        let full = try await read(maps, fixture)
        #expect(full.sections.map(\.rows) == [["ASAAB", "AAAAR"]])
        #expect(full.version > empty.version)
    }

    @Test("a hold that is over shows as available before any sweep, and again taken when somebody takes it")
    func ended() async throws {
        let fixture = try await InventoryFixture(rows: 1, seatsPerRow: 3)
        let maps = maps(fixture)
        try await fixture.reserve(.seats(["A-1-1", "A-1-3"]))
        #expect(try await read(maps, fixture).sections[0].rows == ["RAR"])
        fixture.clock.advance(by: .seconds(3600))
        #expect(try await read(maps, fixture).sections[0].rows == ["AAA"])
        try await fixture.reserve(.seats(["A-1-3"]), by: "bob")
        #expect(try await read(maps, fixture).sections[0].rows == ["AAR"])
    }

    @Test("every hold that is over shows as available, however many of other events are over as well")
    func manyEnded() async throws {
        let fixture = try await InventoryFixture(rows: 1, seatsPerRow: 3)
        let maps = maps(fixture)
        try await makeHolds(600, onOtherEventsOf: fixture)
        fixture.clock.advance(by: .milliseconds(1))
        try await fixture.reserve(.seats(["A-1-1"]))
        #expect(try await read(maps, fixture).sections[0].rows == ["RAA"])
        fixture.clock.advance(by: .seconds(3600))
        for _ in 1...2 { #expect(try await read(maps, fixture).sections[0].rows == ["AAA"]) }
    }

    /// Holds that are over before those that are made later.
    private func makeHolds(_ count: Int, onOtherEventsOf fixture: InventoryFixture) async throws {
        let now = fixture.clock.now()
        let end = now + .seconds(600)
        let line = Reservation.Line(ticketTypeID: "t", unitPriceMinorUnits: 0, quantity: 1, seatNumbers: [])
        let holds = (0..<count).map { _ in
            Reservation(
                id: UUIDv7.make(at: now), eventID: "other", userID: "eve", lines: [line], currency: .usd, customer: nil,
                notes: nil, reservedAt: now, period: HoldPeriod(expiresAt: end, hardExpiresAt: end, idleEndsAt: nil),
                ticketing: nil, fencingToken: 0, storedStatus: .active, pin: nil, bookingID: nil)
        }
        try await fixture.database.write { session in
            try ReservationTable.insert(holds.map { ($0, nil) }, in: session)
        }
    }

    @Test("as long as nothing changes the same bytes are given out")
    func kept() async throws {
        let fixture = try await InventoryFixture()
        let maps = maps(fixture)
        let first = try #require(try await maps.execute(fixture.eventID, for: nil))
        let tags = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<50 { group.addTask { try await maps.execute(fixture.eventID, for: nil)?.entityTag } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(tags == [first.entityTag])
        try await fixture.reserve(.seats(["A-1-1"]))
        #expect(try await maps.execute(fixture.eventID, for: nil)?.entityTag != first.entityTag)
    }

    @Test("fifty thousand seats are one small reply")
    func large() async throws {
        let fixture = try await InventoryFixture(rows: 250, seatsPerRow: 200)
        let map = try #require(try await maps(fixture).execute(fixture.eventID, for: nil))
        #expect(map.json.readableBytes < 60_000)
        #expect(try #require(map.gzip).readableBytes < 2_000)
    }

    @Test("a draft's map is its organizer's and the admins', also where it is kept, until it is published")
    func draft() async throws {
        let fixture = try await InventoryFixture()
        let maps = maps(fixture)
        let strangers = [nil, Identity(userID: "ada", role: .user)]
        let insiders = [Identity(userID: "owner", role: .user), Identity(userID: "root", role: .admin)]
        let steps: [(version: Int64, status: EventStatus)] = [(2, .draft), (3, .active), (4, .draft)]
        for (version, status) in steps {
            try await fixture.putRules(version: version, status: status)
            for identity in insiders { #expect(try await maps.execute(fixture.eventID, for: identity) != nil) }
            for identity in strangers {
                #expect((try await maps.execute(fixture.eventID, for: identity) == nil) == (status == .draft))
            }
        }
    }

    @Test("an unknown event and one that was removed have no map")
    func unknown() async throws {
        let fixture = try await InventoryFixture()
        let maps = maps(fixture)
        #expect(try await maps.execute("none", for: nil) == nil)
        _ = try await maps.execute(fixture.eventID, for: nil)
        _ = try await fixture.events.remove(fixture.eventID, version: 2, at: fixture.clock.now())
        #expect(try await maps.execute(fixture.eventID, for: nil) == nil)
    }
}
