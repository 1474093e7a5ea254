import Checker
import Contracts
import TestSupport
import Testing

/// A hold that is not paid in time ends, and its seats are sold to others.
@Suite struct HoldExpiryTests {
    @Test("an expired hold cannot be paid, is shown as expired, and its seats are sellable again")
    func expiry() async throws {
        let options = StackOptions(services: [.inventory: ["HOLD_SECONDS": "1"]])
        try await HoldfastStack.with(options) { stack in
            let sale = try await Sale.open(on: stack)
            let slow = try await sale.guest()
            let reservation = try await sale.hold(["A-1-1"], by: slow)
            let route = "/api/inventory/reservations/\(reservation.reservationId)"
            try await eventually(within: .seconds(10), "the hold ends") {
                let seen: ReservationDocument = try await slow.get(route)
                return seen.status == .expired
            }
            expectProblem(
                try await slow.confirm(reservation.reservationId, key: Sale.key()), 410, "reservation-expired")
            let quick = try await sale.guest()
            let booking = try await sale.buy(["A-1-1"], by: quick)
            #expect(booking.status == .confirmed)
            let audit = try await sale.audit()
            #expect(audit.isClean && audit.chargesCaptured == 1, "\(audit)")
        }
    }

    @Test("a hold that ended is not brought back by a heartbeat, and giving it back is fine")
    func lateHeartbeat() async throws {
        let options = StackOptions(services: [
            .inventory: ["HOLD_SECONDS": "1", "INACTIVITY_SECONDS": "1", "HIDDEN_GRACE_SECONDS": "0"]
        ])
        try await HoldfastStack.with(options) { stack in
            let sale = try await Sale.open(on: stack, places: 2)
            let buyer = try await sale.guest()
            let held = try await sale.hold(["A-1-1"], by: buyer)
            let wish = #"{"concertId":"\#(sale.event.id)","items":[{"tier":"Standing","quantity":2}]}"#
            #expect(try await buyer.send("POST", "/api/holds/checkout", text: wish).status == 201)
            let route = "/api/inventory/reservations/\(held.reservationId)"
            try await eventually(within: .seconds(10), "both holds end") {
                try await sale.available() == ["Seat": 20, "Standing": 2]
            }
            expectProblem(try await buyer.send("POST", "\(route)/heartbeat"), 410, "reservation-expired")
            let beat = #"{"concertId":"\#(sale.event.id)"}"#
            expectProblem(try await buyer.send("POST", "/api/holds/heartbeat", text: beat), 410, "reservation-expired")
            #expect(try await buyer.send("DELETE", "\(route)/seats/A-1-1").status == 204)
            #expect(try await buyer.send("DELETE", route).status == 204)
            #expect(try await buyer.send("DELETE", "/api/holds/\(sale.event.id)").status == 204)
            #expect(try await sale.available() == ["Seat": 20, "Standing": 2])
        }
    }
}
