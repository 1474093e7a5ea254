import Contracts
import LockKit
import RedisKit
import ServiceKit
import TestSupport
import Testing

@testable import inventory

@Suite struct ReserveSeatsTests {
    /// Locks that are granted, refused or out of reach, as the test says.
    private struct StubLocks: SeatLocks {
        var error: (any Error)?

        func withLocks<Result: Sendable>(
            on numbers: [String], of eventID: String, waitAtMost: Duration?,
            _ body: @Sendable (_ fence: Int64?) async throws -> Result
        ) async throws -> Result {
            if let error { throw error }
            return try await body(nil)
        }

        func fenceWasRefused(on numbers: [String], of eventID: String) async throws {}
    }

    private func reserveSeats(_ fixture: InventoryFixture, locks error: (any Error)? = nil) -> ReserveSeats {
        ReserveSeats(
            reservations: fixture.reservations, locks: StubLocks(error: error), clock: fixture.clock,
            limits: HoldLimits(timing: fixture.timing, placesPerUserMax: 100))
    }

    private let reply = { @Sendable (reservation: Reservation) in
        try StoredReply(status: 201, json: reservation.document(at: reservation.reservedAt))
    }

    private func order(_ fixture: InventoryFixture, _ seats: [String]) -> ReservationOrder {
        ReservationOrder(
            eventID: fixture.eventID, userID: "ada", selection: .seats(seats), customer: nil, notes: nil)
    }

    private func key(_ text: String) throws -> IdempotentOrder {
        IdempotentOrder(userID: "ada", key: try #require(IdempotencyKey(text)), fingerprint: "f")
    }

    @Test(
        "a repeat is answered as the first time, whatever keeps the locks from being taken",
        arguments: [
            ReservationRefusal.seatsLocked(["A-1-1"]) as any Error & Sendable,
            LockError.backend(RedisError(.notConnected, "gone")), LockError.acquiredTooLate,
        ])
    func repeatWithoutLocks(error: any Error & Sendable) async throws {
        let fixture = try await InventoryFixture()
        let order = order(fixture, ["A-1-1"])
        let idempotency = try key("once")
        guard
            case .executed(_, let stored?) = try await reserveSeats(fixture)
                .execute(order, waitAtMost: nil, idempotency: idempotency, reply: reply),
            case .repeated(.replay(let replay)) = try await reserveSeats(fixture, locks: error)
                .execute(order, waitAtMost: nil, idempotency: idempotency, reply: reply)
        else {
            Issue.record("expected a reservation and its replay")
            return
        }
        #expect(replay == stored)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 1)
    }

    @Test("a new request is refused for what is in its way")
    func newRequest() async throws {
        let fixture = try await InventoryFixture()
        await #expect(throws: ReservationRefusal.seatsLocked(["A-1-1"])) {
            _ = try await reserveSeats(fixture, locks: ReservationRefusal.seatsLocked(["A-1-1"]))
                .execute(order(fixture, ["A-1-1"]), waitAtMost: nil, idempotency: try key("new"), reply: reply)
        }
    }

    @Test("a key that was used for another order is told so, also where seats are locked")
    func mismatch() async throws {
        let fixture = try await InventoryFixture()
        let idempotency = try key("once")
        _ = try await reserveSeats(fixture)
            .execute(order(fixture, ["A-1-1"]), waitAtMost: nil, idempotency: idempotency, reply: reply)
        let other = IdempotentOrder(userID: "ada", key: idempotency.key, fingerprint: "other")
        guard
            case .repeated(.mismatch) = try await reserveSeats(
                fixture, locks: ReservationRefusal.seatsLocked(["A-1-2"])
            )
            .execute(order(fixture, ["A-1-2"]), waitAtMost: nil, idempotency: other, reply: reply)
        else {
            Issue.record("expected a mismatch")
            return
        }
    }
}
