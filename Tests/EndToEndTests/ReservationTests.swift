import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// `/api/inventory/reservations` beyond taking seats by number: best available, part of a hold given back, repeats.
@Suite struct ReservationTests {
    @Test("the best seats are together, from the front, and nobody's neighbour is left alone")
    func bestAvailable() async throws {
        let sale = try await Sale.open()
        let buyer = try await sale.guest()
        func best(_ quantity: Int, section: String? = nil) async throws -> [String] {
            let request = ReservationRequest(
                eventId: sale.event.id,
                bestAvailable: .init(ticketTypeId: try sale.type("Seat"), section: section, quantity: quantity))
            let held: ReservationDocument = try await buyer.reserve(request).value()
            return held.seats.map(\.seatNumber)
        }
        #expect(try await best(3) == ["A-1-1", "A-1-2", "A-1-3"])
        #expect(try await best(4, section: "A") == ["A-1-4", "A-1-5", "A-1-6", "A-1-7"])
        #expect(
            try await best(2) == ["A-2-1", "A-2-2"], "two of the three left in the first row would leave one alone")
        #expect(try await best(3) == ["A-1-8", "A-1-9", "A-1-10"])
        expectProblem(
            try await buyer.reserve(
                ReservationRequest(eventId: sale.event.id, bestAvailable: .init(quantity: 9))), 409, "sold-out")
    }

    @Test("a seat of a hold is given back alone, again is fine, and the last one ends the hold")
    func partialRelease() async throws {
        let sale = try await Sale.open()
        let (ada, bob) = (try await sale.guest(), try await sale.guest())
        let held = try await sale.hold(["A-1-1", "A-1-2"], by: ada)
        let route = "/api/inventory/reservations/\(held.reservationId)"
        expectProblem(try await bob.send("DELETE", "\(route)/seats/A-1-1"), 404, "not-found")
        for _ in 1...2 { #expect(try await ada.send("DELETE", "\(route)/seats/A-1-1").status == 204) }
        expectProblem(try await ada.send("DELETE", "\(route)/seats/Z-9-9"), 404, "not-found")
        let rest: ReservationDocument = try await ada.get(route)
        #expect(rest.seats.map(\.seatNumber) == ["A-1-2"] && rest.quantity == 1)
        #expect(rest.totalAmount == DecimalAmount(minorUnits: 4950, decimals: 2))
        _ = try await sale.hold(["A-1-1"], by: bob)
        #expect(try await ada.send("DELETE", "\(route)/seats/A-1-2").status == 204)
        #expect(try await ada.get(route, as: ReservationDocument.self).status == .released)
        #expect(try await sale.available()["Seat"] == 19)
    }

    @Test("what is left of a hold is paid, and then nothing of it can be given back")
    func paidRest() async throws {
        let sale = try await Sale.open()
        let buyer = try await sale.guest()
        let held = try await sale.hold(["A-1-1", "A-1-2", "A-1-3"], by: buyer)
        let route = "/api/inventory/reservations/\(held.reservationId)"
        #expect(try await buyer.send("DELETE", "\(route)/seats/A-1-2").status == 204)
        let booking: BookingDocument = try await buyer.confirm(held.reservationId, key: Sale.key()).value()
        #expect(booking.seats.map(\.seatNumber) == ["A-1-1", "A-1-3"])
        expectProblem(try await buyer.send("DELETE", "\(route)/seats/A-1-1"), 410, "reservation-confirmed")
        expectProblem(try await buyer.send("DELETE", route), 410, "reservation-confirmed")
        #expect(try await sale.audit().isClean)
    }

    @Test("a repeat with the same key is answered as the first request was, and holds once")
    func repeated() async throws {
        let sale = try await Sale.open(places: 5)
        let buyer = try await sale.guest()
        let key = Sale.key()
        let request = ReservationRequest(
            eventId: sale.event.id, items: [.init(ticketTypeId: try sale.type("Standing"), quantity: 2)])
        let first = try await buyer.reserve(request, key: key)
        let second = try await buyer.reserve(request, key: key)
        #expect(first.status == 201 && second.status == 201 && second.text == first.text)
        #expect(second.headers.first("Idempotent-Replayed") == "true")
        #expect(try await sale.available()["Standing"] == 3)
        let other = ReservationRequest(eventId: sale.event.id, seatNumbers: ["A-1-1"])
        expectProblem(try await buyer.reserve(other, key: key), 422, "idempotency-key-reused")
    }

    @Test("a seat that is named twice is held once")
    func namedTwice() async throws {
        let sale = try await Sale.open()
        let held = try await sale.hold(["A-1-1", "A-1-2", "A-1-1"], by: sale.guest())
        #expect(held.seats.map(\.seatNumber) == ["A-1-1", "A-1-2"] && held.quantity == 2)
        #expect(try await sale.available()["Seat"] == 18)
    }
}
