import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import inventory

/// Checkout holds: one for a buyer and event, kept alive by heartbeats, replaced as a whole.
@Suite(.onBothDatabases) struct CheckoutStoreTests {
    @Test("a checkout holds its tiers, and another one of the same buyer replaces them")
    func replace() async throws {
        let fixture = try await InventoryFixture()
        let first = try await fixture.checkOut(["Standing": 2])
        #expect(!first.isReplacement)
        fixture.clock.advance(by: .seconds(60))
        let second = try await fixture.checkOut(["Standing": 1, "Stalls": 2])
        #expect(second.isReplacement)
        #expect(second.reservation.id == first.reservation.id)
        #expect(second.reservation.period.hardExpiresAt == first.reservation.period.hardExpiresAt)
        #expect(try await fixture.stock(of: fixture.standingID)?.reserved == 1)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 2)
        let stored = try #require(try await fixture.reservations.find(first.reservation.id))
        #expect(stored.quantity == 3)
        #expect(stored.endsAt == fixture.clock.now() + .seconds(180))
    }

    @Test("when there is not enough for the replacement, what was held stays")
    func notEnough() async throws {
        let fixture = try await InventoryFixture()
        let held = try await fixture.checkOut(["Standing": 3])
        try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 2)]), by: "bob")
        await #expect(throws: ReservationRefusal.soldOut([fixture.standingID])) {
            try await fixture.checkOut(["Stalls": 1, "Standing": 4])
        }
        #expect(try await fixture.reservations.find(held.reservation.id) == held.reservation)
        #expect(try await fixture.stock(of: fixture.standingID)?.reserved == 5)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 0)
    }

    @Test("many checkouts of one buyer at once leave one hold")
    func atOnce() async throws {
        let fixture = try await InventoryFixture()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for quantity in 1...20 {
                group.addTask { try await fixture.checkOut(["Standing": quantity % 5 + 1]) }
            }
            try await group.waitForAll()
        }
        let alive = try await fixture.reservations.reservations(
            of: "ada", activeAt: fixture.clock.now(), page: PageRequest(page: 1, pageSize: 100)
        ).page
        #expect(alive.count == 1)
        #expect(try await fixture.stock(of: fixture.standingID)?.reserved == alive.first?.quantity)
    }

    @Test("without heartbeats the hold ends after three minutes and its places are sellable")
    func silence() async throws {
        let fixture = try await InventoryFixture()
        let held = try await fixture.checkOut(["Standing": 5])
        fixture.clock.advance(by: .seconds(180))
        #expect(try await fixture.stock(of: fixture.standingID)?.reserved == 0)
        await #expect(throws: ReservationRefusal.expired) {
            try await fixture.reservations.heartbeatCheckout(
                of: "ada", on: fixture.eventID, isHidden: false, at: fixture.clock.now())
        }
        await #expect(throws: ReservationRefusal.expired) {
            try await fixture.reservations.heartbeat(
                held.reservation.id, by: "ada", isHidden: false, at: fixture.clock.now())
        }
        try await fixture.reserve(.items([.init(ticketTypeID: fixture.standingID, quantity: 5)]), by: "bob")
        let anew = try await fixture.checkOut(["Stalls": 1])
        #expect(!anew.isReplacement && anew.reservation.id != held.reservation.id)
    }

    @Test("heartbeats keep the hold alive until its hard end and not beyond")
    func heartbeats() async throws {
        let fixture = try await InventoryFixture()
        let held = try await fixture.checkOut(["Standing": 1])
        let hardEnd = held.reservation.period.hardExpiresAt
        while fixture.clock.now() + .seconds(120) < hardEnd {
            fixture.clock.advance(by: .seconds(120))
            let kept = try await fixture.reservations.heartbeatCheckout(
                of: "ada", on: fixture.eventID, isHidden: true, at: fixture.clock.now())
            #expect(kept.expiresAt == min(fixture.clock.now() + .seconds(600), hardEnd))
        }
        fixture.clock.advance(by: .seconds(120))
        #expect(try await fixture.reservations.find(held.reservation.id)?.status(at: fixture.clock.now()) == .expired)
        #expect(try await fixture.reservations.ended(by: fixture.clock.now(), limit: 10) == [held.reservation.id])
    }

    @Test("while a payment runs the hold cannot be replaced, and silence does not end it")
    func pinned() async throws {
        let fixture = try await InventoryFixture()
        let id = try await fixture.checkOut(["Standing": 1]).reservation.id
        fixture.clock.advance(by: .seconds(170))
        _ = try await fixture.reservations.pin(id, for: "b1", by: "ada", at: fixture.clock.now())
        await #expect(throws: ReservationRefusal.paymentInProgress) {
            try await fixture.checkOut(["Standing": 2])
        }
        fixture.clock.advance(by: .seconds(100))
        #expect(try await fixture.reservations.find(id)?.status(at: fixture.clock.now()) == .active)
        let kept = try await fixture.reservations.heartbeatCheckout(
            of: "ada", on: fixture.eventID, isHidden: false, at: fixture.clock.now())
        #expect(kept.status(at: fixture.clock.now()) == .active)
        try await fixture.reservations.unpin(id, from: "b1")
        #expect(try await fixture.reservations.find(id)?.endsAt == fixture.clock.now() + .seconds(180))
    }

    @Test("releasing the checkout frees all of it; again there is nothing to release")
    func release() async throws {
        let fixture = try await InventoryFixture()
        _ = try await fixture.checkOut(["Standing": 2, "Stalls": 1])
        for _ in 1...2 {
            try await fixture.reservations.releaseCheckout(of: "ada", on: fixture.eventID, at: fixture.clock.now())
            #expect(try await fixture.stock(of: fixture.standingID)?.reserved == 0)
            #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 0)
        }
    }

    @Test("a tier that the event does not have is named")
    func unknownTier() async throws {
        let fixture = try await InventoryFixture()
        await #expect(throws: ReservationRefusal.ticketTypesUnknown(["Royal box"])) {
            try await fixture.checkOut(["Royal box": 1])
        }
    }
}

extension InventoryFixture {
    /// Begins or replaces ada's checkout.
    @discardableResult
    func checkOut(_ items: [String: Int]) async throws -> CheckoutTransaction.Checkout {
        let order = CheckoutOrder(
            eventID: eventID, userID: "ada",
            items: items.sorted { $0.key > $1.key }.map { .init(tier: $0.key, quantity: $0.value) })
        let outcome = try await reservations.checkOut(
            CheckoutTransaction(
                id: UUIDv7.make(at: clock.now()), order: order,
                limits: HoldLimits(timing: timing, placesPerUserMax: 100),
                keyed: KeyedTransaction(order: nil, now: clock.now()) { _ in throw UnexpectedOutcome() }))
        guard case .executed(let checkout, _) = outcome else { throw UnexpectedOutcome() }
        return checkout
    }
}
