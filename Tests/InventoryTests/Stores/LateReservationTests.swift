import Contracts
import DatabaseKit
import Foundation
import HTTPKit
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import inventory

/// A request that is taken up after its caller has given up takes nothing.
@Suite(.onBothDatabases) struct LateReservationTests {
    @Test("a reservation whose turn comes after its deadline takes nothing, also with a key")
    func lateTurn() async throws {
        let fixture = try await InventoryFixture()
        let gate = DispatchSemaphore(value: 0)
        let hangs = Atomic<Bool>(false)
        // The process hangs in a transaction, with the reservation behind it.
        let hanging = Task {
            try await fixture.database.write { session in
                try session.execute("UPDATE events SET stock_version = stock_version")
                hangs.store(true, ordering: .relaxed)
                gate.wait()
                // What shares its commit may make it run again.
                gate.signal()
            }
        }
        try await eventually { hangs.load(ordering: .relaxed) }
        let key = try #require(IdempotencyKey("late"))
        let order = IdempotentOrder(userID: "ada", key: key, fingerprint: "f")
        let deadline = Deadline.after(.milliseconds(30))
        let late = Task {
            try await fixture.attempt(.seats(["A-1-1"]), idempotency: order, deadline: deadline)
        }
        try await eventually { deadline.hasPassed }
        gate.signal()
        await #expect(throws: CancellationError.self) { _ = try await late.value }
        try await hanging.value
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 0)
        #expect(try await fixture.reservations.knownOutcome(of: order, at: fixture.clock.now()) == nil)
        try await fixture.reserve(.seats(["A-1-1"]), idempotency: order)
    }

    @Test("checkouts and carts take nothing after their deadline either")
    func otherDoors() async throws {
        let fixture = try await InventoryFixture()
        let limits = HoldLimits(timing: fixture.timing, placesPerUserMax: 100)
        let past = Deadline.after(.zero)
        await #expect(throws: CancellationError.self) {
            _ = try await BeginCheckout(
                reservations: fixture.reservations, clock: fixture.clock, limits: limits
            ).execute(
                CheckoutOrder(
                    eventID: fixture.eventID, userID: "ada", items: [.init(tier: "Standing", quantity: 1)]),
                idempotency: nil, deadline: past
            ) { _ in StoredReply(status: 201, body: "") }
        }
        let keyed = KeyedTransaction<CartView>(order: nil, now: fixture.clock.now(), deadline: past) { _ in
            StoredReply(status: 201, body: "")
        }
        let carts = CartStore(database: fixture.database, limits: limits)
        await #expect(throws: CancellationError.self) {
            _ = try await carts.add(.places(ticketTypeID: fixture.standingID, quantity: 1), by: "ada", keyed)
        }
        #expect(try await carts.find(of: "ada", at: fixture.clock.now()).cart.lines.isEmpty)
    }
}
