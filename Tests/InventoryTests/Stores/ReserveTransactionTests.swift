import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct ReserveTransactionTests {
    @Test("seats, counters and the reservation move together")
    func reserves() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(.seats(["A-1-1", "A-1-2"]))
        #expect(reservation.total.minorUnits == 10_000)
        #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 2, sold: 0))
        #expect(try await fixture.reservations.find(reservation.id) == reservation)
    }

    @Test("a taken seat refuses the whole order and names it")
    func conflict() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.seats(["A-1-2"]))
        await #expect(throws: ReservationRefusal.seatsUnavailable(["A-1-2"])) {
            try await fixture.reserve(.seats(["A-1-1", "A-1-2", "A-1-3"]), by: "bob")
        }
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 1)
    }

    @Test("unknown events, seats and ticket types are refused by name")
    func unknown() async throws {
        let fixture = try await InventoryFixture()
        await #expect(throws: ReservationRefusal.seatsUnknown(["Z-9-9"])) {
            try await fixture.reserve(.seats(["A-1-1", "Z-9-9"]))
        }
        await #expect(throws: ReservationRefusal.ticketTypesUnknown(["nope"])) {
            try await fixture.reserve(.items([.init(ticketTypeID: "nope", quantity: 1)]))
        }
    }

    @Test("an ended hold in the way is ended and its seats taken")
    func staleHolder() async throws {
        let fixture = try await InventoryFixture()
        let stale = try await fixture.reserve(.seats(["A-1-1", "A-1-2"]))
        fixture.clock.advance(by: .seconds(600))
        #expect(try await fixture.stock(of: fixture.stallsID)?.available == 10)
        try await fixture.reserve(.seats(["A-1-1"]), by: "bob")
        #expect(try await fixture.reservations.find(stale.id)?.storedStatus == .expired)
        #expect(try await fixture.stock(of: fixture.stallsID) == TicketTypeStock(total: 10, reserved: 1, sold: 0))
    }

    @Test("general admission sells out exactly, and ended holds do not count against a buyer")
    func generalAdmission() async throws {
        let fixture = try await InventoryFixture()
        let places = ReservationOrder.Selection.items([.init(ticketTypeID: fixture.standingID, quantity: 2)])
        try await fixture.reserve(places)
        try await fixture.reserve(places)
        await #expect(throws: ReservationRefusal.soldOut([fixture.standingID])) {
            try await fixture.reserve(places, by: "bob")
        }
        fixture.clock.advance(by: .seconds(600))
        try await fixture.reserve(places, by: "bob")
        #expect(try await fixture.stock(of: fixture.standingID) == TicketTypeStock(total: 5, reserved: 2, sold: 0))
    }

    @Test("the best available seats are chosen inside the transaction, until none are left")
    func bestAvailable() async throws {
        let fixture = try await InventoryFixture()
        let best = ReservationOrder.Selection.bestAvailable(ticketTypeID: fixture.stallsID, section: nil, quantity: 3)
        let first = try await fixture.reserve(best)
        let second = try await fixture.reserve(best)
        #expect(first.lines.flatMap(\.seatNumbers) == ["A-1-1", "A-1-2", "A-1-3"])
        #expect(second.lines.flatMap(\.seatNumbers) == ["A-2-1", "A-2-2", "A-2-3"])
        try await fixture.reserve(best)
        await #expect(throws: ReservationRefusal.soldOut([fixture.stallsID])) { try await fixture.reserve(best) }
    }

    @Test("a token at or below a seat's fence takes nothing")
    func fencing() async throws {
        let fixture = try await InventoryFixture()
        let first = try await fixture.reserve(.seats(["A-1-1"]), fence: 10)
        try await fixture.reservations.release(first.id, by: "ada", at: fixture.clock.now())
        await #expect(throws: ReservationRefusal.fenced) {
            try await fixture.reserve(.seats(["A-1-1"]), by: "bob", fence: 10)
        }
        #expect(try await fixture.stock(of: fixture.stallsID)?.available == 10)
        try await fixture.reserve(.seats(["A-1-1"]), by: "bob", fence: 11)
    }

    @Test("an order above the event's limit and a buyer who holds too much are refused")
    func limits() async throws {
        let fixture = try await InventoryFixture(rows: 3)
        await #expect(throws: ReservationRefusal.orderTooLarge(max: 10)) {
            try await fixture.reserve(.bestAvailable(ticketTypeID: nil, section: nil, quantity: 11))
        }
        try await fixture.reserve(.seats(["A-1-1", "A-1-2"]), placesPerUserMax: 3)
        await #expect(throws: ReservationRefusal.holdLimit(max: 3)) {
            try await fixture.reserve(.seats(["A-1-3", "A-1-4"]), placesPerUserMax: 3)
        }
        try await fixture.reserve(.seats(["A-1-3", "A-1-4"]), by: "bob", placesPerUserMax: 3)
    }

    @Test("the same key gives the same reply and takes nothing again")
    func idempotency() async throws {
        let fixture = try await InventoryFixture()
        let key = try #require(IdempotencyKey("once"))
        let order = IdempotentOrder(userID: "ada", key: key, fingerprint: "f")
        guard case .executed(_, let stored?) = try await fixture.attempt(.seats(["A-1-1"]), idempotency: order),
            case .repeated(.replay(let replay)) = try await fixture.attempt(.seats(["A-1-1"]), idempotency: order)
        else {
            Issue.record("expected a reservation and its replay")
            return
        }
        #expect(replay == stored)
        let other = IdempotentOrder(userID: "ada", key: key, fingerprint: "other")
        guard case .repeated(.mismatch) = try await fixture.attempt(.seats(["A-1-2"]), idempotency: other) else {
            Issue.record("expected a mismatch")
            return
        }
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 1)
    }

    @Test("a refused request leaves its key unused")
    func refusalKeepsKeyFree() async throws {
        let fixture = try await InventoryFixture()
        let taken = try await fixture.reserve(.seats(["A-1-1"]), by: "bob")
        let key = try #require(IdempotencyKey("again"))
        let order = IdempotentOrder(userID: "ada", key: key, fingerprint: "f")
        await #expect(throws: ReservationRefusal.self) {
            try await fixture.reserve(.seats(["A-1-1"]), idempotency: order)
        }
        try await fixture.reservations.release(taken.id, by: "bob", at: fixture.clock.now())
        try await fixture.reserve(.seats(["A-1-1"]), idempotency: order)
    }

    @Test("a change of the rules counts for the next order, however often the old ones were used")
    func rulesChange() async throws {
        let fixture = try await InventoryFixture()
        try await fixture.reserve(.seats(["A-1-1"]))
        try await fixture.reserve(.seats(["A-1-2"]))
        try await fixture.putRules(version: 2, status: .cancelled)
        await #expect(throws: ReservationRefusal.notOnSale("The event is cancelled.")) {
            try await fixture.reserve(.seats(["A-1-3"]))
        }
        try await fixture.putRules(version: 3)
        try await fixture.reserve(.seats(["A-1-3"]))
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 3)
    }

    @Test("of many buyers at once each seat goes to one")
    func crowd() async throws {
        let fixture = try await InventoryFixture()
        let seats = (1...2).flatMap { row in (1...5).map { "A-\(row)-\($0)" } }
        let won = await withTaskGroup(of: [String].self) { group in
            for buyer in 0..<200 {
                group.addTask {
                    let wanted = [seats[buyer % 10], seats[(buyer + 1 + buyer / 10) % 10]]
                    let reservation = try? await fixture.reserve(.seats(Set(wanted).sorted()), by: "buyer-\(buyer)")
                    return reservation?.lines.flatMap(\.seatNumbers) ?? []
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(won).count == won.count)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == won.count)
        #expect(won.count >= 8)
    }
}
