import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct ReservationStoreTests {
    private let seats = ReservationOrder.Selection.seats(["A-1-1", "A-1-2"])

    @Test("releasing frees the seats at once, and again changes nothing")
    func release() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(seats)
        for _ in 1...2 {
            try await fixture.reservations.release(reservation.id, by: "ada", at: fixture.clock.now())
            #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 0, sold: 0))
        }
        try await fixture.reserve(seats, by: "bob")
    }

    @Test("a buyer's list comes newest first, in pages, with how many there are in all")
    func list() async throws {
        let fixture = try await InventoryFixture()
        var made: [Reservation] = []
        for seat in 1...5 {
            fixture.clock.advance(by: .milliseconds(1))
            made.append(try await fixture.reserve(.seats(["A-1-\(seat)"])))
        }
        try await fixture.reserve(.seats(["A-2-1"]), by: "eve")
        try await fixture.reservations.release(made[4].id, by: "ada", at: fixture.clock.now())
        func ids(_ page: Int, alive: Bool) async throws -> (ids: [String], total: Int) {
            let found = try await fixture.reservations.reservations(
                of: "ada", activeAt: alive ? fixture.clock.now() : nil, page: PageRequest(page: page, pageSize: 2))
            return (found.page.map(\.id), found.total)
        }
        #expect(try await ids(1, alive: false) == ([made[4].id, made[3].id], 5))
        #expect(try await ids(3, alive: false) == ([made[0].id], 5))
        #expect(try await ids(1, alive: true) == ([made[3].id, made[2].id], 4))
        fixture.clock.advance(by: .seconds(3600))
        #expect(try await ids(1, alive: true) == ([], 0))
    }

    @Test("nobody releases or pins what is not theirs")
    func foreign() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(seats)
        await #expect(throws: ReservationRefusal.reservationUnknown) {
            try await fixture.reservations.release(reservation.id, by: "eve", at: fixture.clock.now())
        }
        await #expect(throws: ReservationRefusal.reservationUnknown) {
            _ = try await fixture.reservations.pin(reservation.id, for: "b", by: "eve", at: fixture.clock.now())
        }
        let alive = try #require(try await fixture.reservations.find(reservation.id))
        #expect(alive.pin == nil && alive.storedStatus == .active)
    }

    @Test("a live pin refuses release and every other booking")
    func pinExcludes() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(seats)
        let now = fixture.clock.now()
        _ = try await fixture.reservations.pin(reservation.id, for: "b1", by: "ada", at: now)
        await #expect(throws: ReservationRefusal.paymentInProgress) {
            try await fixture.reservations.release(reservation.id, by: "ada", at: now)
        }
        await #expect(throws: ReservationRefusal.paymentInProgress) {
            _ = try await fixture.reservations.pin(reservation.id, for: "b2", by: "ada", at: now)
        }
        _ = try await fixture.reservations.pin(reservation.id, for: "b1", by: "ada", at: now)
        try await fixture.reservations.unpin(reservation.id, from: "b2")
        #expect(try await fixture.reservations.find(reservation.id)?.pin?.bookingID == "b1")
    }

    @Test("a pin outlasts the hold; unpinning gives the old deadline back")
    func pinDeadline() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(seats)
        fixture.clock.advance(by: .seconds(590))
        let pinned = try await fixture.reservations.pin(
            reservation.id, for: "b1", by: "ada", at: fixture.clock.now())
        #expect(pinned.endsAt == fixture.clock.now() + .seconds(180))
        fixture.clock.advance(by: .seconds(60))
        #expect(try await fixture.reservations.ended(by: fixture.clock.now(), limit: 10).isEmpty)
        try await fixture.reservations.unpin(reservation.id, from: "b1")
        #expect(try await fixture.reservations.ended(by: fixture.clock.now(), limit: 10) == [reservation.id])
    }

    @Test("five payments may be tried on a hold, repeats of one not counted")
    func attempts() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(seats)
        for attempt in 1...5 {
            for _ in 1...2 {
                _ = try await fixture.reservations.pin(
                    reservation.id, for: "b\(attempt)", by: "ada", at: fixture.clock.now())
            }
            try await fixture.reservations.unpin(reservation.id, from: "b\(attempt)")
        }
        await #expect(throws: ReservationRefusal.tooManyPaymentAttempts) {
            _ = try await fixture.reservations.pin(reservation.id, for: "b6", by: "ada", at: fixture.clock.now())
        }
    }

    @Test("committing sells what is held, once for its booking and for no other")
    func commit() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(seats)
        await #expect(throws: ReservationRefusal.self) {
            try await fixture.reservations.commit(reservation.id, for: "b1")
        }
        _ = try await fixture.reservations.pin(reservation.id, for: "b1", by: "ada", at: fixture.clock.now())
        for _ in 1...2 { try await fixture.reservations.commit(reservation.id, for: "b1") }
        await #expect(throws: ReservationRefusal.self) {
            try await fixture.reservations.commit(reservation.id, for: "b2")
        }
        #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 0, sold: 2))
        await #expect(throws: ReservationRefusal.confirmed) {
            try await fixture.reservations.release(reservation.id, by: "ada", at: fixture.clock.now())
        }
    }

    @Test("a commit after the hold ended sells what is still free and nothing else")
    func lateCommit() async throws {
        let fixture = try await InventoryFixture()
        let free = try await fixture.reserve(.seats(["A-1-1"]))
        let lost = try await fixture.reserve(.seats(["A-1-2"]))
        for reservation in [free, lost] {
            _ = try await fixture.reservations.pin(
                reservation.id, for: "b-\(reservation.id)", by: "ada", at: fixture.clock.now())
        }
        fixture.clock.advance(by: .seconds(1000))
        for id in try await fixture.reservations.ended(by: fixture.clock.now(), limit: 10) {
            #expect(try await fixture.reservations.expire(id, at: fixture.clock.now()))
        }
        try await fixture.reserve(.seats(["A-1-2"]), by: "bob")
        try await fixture.reservations.commit(free.id, for: "b-\(free.id)")
        await #expect(throws: ReservationRefusal.expired) {
            try await fixture.reservations.commit(lost.id, for: "b-\(lost.id)")
        }
        #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 1, sold: 1))
    }

    @Test("a cancelled event refuses the commit")
    func cancelledEvent() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(seats)
        _ = try await fixture.reservations.pin(reservation.id, for: "b1", by: "ada", at: fixture.clock.now())
        try await fixture.putRules(version: 2, status: .cancelled)
        await #expect(throws: ReservationRefusal.self) {
            try await fixture.reservations.commit(reservation.id, for: "b1")
        }
        #expect(try await fixture.stock(of: fixture.stallsID)?.sold == 0)
    }

    @Test("expiry is counted once, however often it is asked for")
    func expireOnce() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(seats)
        #expect(try await !fixture.reservations.expire(reservation.id, at: fixture.clock.now()))
        fixture.clock.advance(by: .seconds(600))
        let now = fixture.clock.now()
        let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { try await fixture.reservations.expire(reservation.id, at: now) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
        #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 0, sold: 0))
    }
}
