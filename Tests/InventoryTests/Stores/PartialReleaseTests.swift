import Contracts
import TestSupport
import Testing

@testable import inventory

@Suite(.onBothDatabases) struct PartialReleaseTests {
    @Test("a seat is given back alone, again changes nothing, and the last one ends the reservation")
    func seatBySeat() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(.seats(["A-1-1", "A-1-2"]))
        for _ in 1...2 {
            try await fixture.reservations.releaseSeat(
                "A-1-1", of: reservation.id, by: "ada", at: fixture.clock.now())
            #expect(try await fixture.reservations.find(reservation.id)?.lines.map(\.seatNumbers) == [["A-1-2"]])
            #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 1)
        }
        try await fixture.reserve(.seats(["A-1-1"]), by: "bob")
        try await fixture.reservations.releaseSeat("A-1-2", of: reservation.id, by: "ada", at: fixture.clock.now())
        #expect(try await fixture.reservations.find(reservation.id)?.storedStatus == .released)
        #expect(try await fixture.stock(of: fixture.stallsID)?.reserved == 1)
    }

    @Test("a seat that the event does not have, and one of somebody else's reservation, are not found")
    func unknown() async throws {
        let fixture = try await InventoryFixture()
        let reservation = try await fixture.reserve(.seats(["A-1-1"]))
        await #expect(throws: ReservationRefusal.seatUnknown("Z-9-9")) {
            try await fixture.reservations.releaseSeat("Z-9-9", of: reservation.id, by: "ada", at: fixture.clock.now())
        }
        await #expect(throws: ReservationRefusal.reservationUnknown) {
            try await fixture.reservations.releaseSeat("A-1-1", of: reservation.id, by: "eve", at: fixture.clock.now())
        }
    }

    @Test("while a payment runs nothing is given back, and what was given back before cannot be bought by it")
    func pinned() async throws {
        let fixture = try await InventoryFixture(timing: HoldTiming(hold: .seconds(600), pin: .seconds(60)))
        let reservation = try await fixture.reserve(.seats(["A-1-1", "A-1-2"]))
        _ = try await fixture.reservations.pin(reservation.id, for: "b1", by: "ada", at: fixture.clock.now())
        await #expect(throws: ReservationRefusal.paymentInProgress) {
            try await fixture.reservations.releaseSeat(
                "A-1-1", of: reservation.id, by: "ada", at: fixture.clock.now())
        }
        fixture.clock.advance(by: .seconds(60))
        try await fixture.reservations.releaseSeat("A-1-1", of: reservation.id, by: "ada", at: fixture.clock.now())
        await #expect(throws: ReservationRefusal.self) {
            try await fixture.reservations.commit(reservation.id, for: "b1")
        }
    }
}
