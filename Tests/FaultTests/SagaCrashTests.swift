import Checker
import Contracts
import TestSupport
import Testing

/// A booking whose process dies at a step of its saga ends all the same: confirmed, or with the money back.
@Suite(.serialized) struct SagaCrashTests {
    /// Places of a purchase that goes through; death at each of them leaves another half of it behind.
    static let purchase = [
        "begin.recorded", "pin.before", "pin.after", "charge.intent", "charge.before", "charge.after", "commit.before",
        "commit.after", "confirm.recorded",
    ]

    /// Places of a purchase whose payment is declined.
    static let refusal = [
        "fail.before", "fail.recorded", "unpin.before", "unpin.after", "release.recorded",
    ]

    @Test("booking dies at a step of a purchase", arguments: purchase)
    func purchaseDies(point: String) async throws {
        let scene = try await CrashScene.shared()
        let key = CrashScene.key()
        let (buyer, reservation) = try await scene.holdSeat()
        try await scene.crashBooking(at: "booking.\(point)") {
            _ = try? await buyer.confirm(reservation.reservationId, key: key)
        }
        let booking = try await scene.settle(buyer, reservation, key: key)
        #expect(booking.status == .confirmed)
        let audit = try await scene.audit([booking])
        #expect(audit.isClean, "\(audit)")
    }

    @Test("booking dies at a step of a declined purchase, and another card buys the seat", arguments: refusal)
    func refusalDies(point: String) async throws {
        let scene = try await CrashScene.shared()
        let key = CrashScene.key()
        let (buyer, reservation) = try await scene.holdSeat()
        try await scene.crashBooking(at: "booking.\(point)") {
            _ = try? await buyer.confirm(reservation.reservationId, payment: .token("tok_declined"), key: key)
        }
        try await eventually(within: .seconds(30), "the refusal is answered") {
            try await buyer.confirm(reservation.reservationId, payment: .token("tok_declined"), key: key).status == 402
        }
        let booking = try await scene.settle(buyer, reservation, key: CrashScene.key())
        let audit = try await scene.audit([booking])
        #expect(audit.isClean, "\(audit)")
    }

    @Test("the reply to a purchase is lost at a step, and the same key brings the booking", arguments: purchase)
    func replyIsLost(point: String) async throws {
        let scene = try await CrashScene.shared()
        let key = CrashScene.key()
        let (buyer, reservation) = try await scene.holdSeat()
        try await scene.restartBooking(faults: "booking.\(point)=lose-reply")
        let first = try await buyer.confirm(reservation.reservationId, key: key)
        #expect(first.status >= 500, "\(first.status) \(first.text)")
        let booking = try await scene.settle(buyer, reservation, key: key)
        let audit = try await scene.audit([booking])
        #expect(audit.isClean, "\(audit)")
    }

    @Test(
        "inventory dies around its commit or its reservation",
        arguments: ["inventory.commit.before", "inventory.commit.after", "inventory.reserve.committed"])
    func inventoryDies(point: String) async throws {
        let scene = try await CrashScene.shared()
        let buyer = try await scene.stack.client().signUpGuest()
        let (reserveKey, confirmKey) = (CrashScene.key(), CrashScene.key())
        let request = ReservationRequest(eventId: scene.event.id, seatNumbers: [scene.nextSeat()])
        try await scene.restart(.inventory, faults: "\(point)=die")
        try await scene.reviving(.inventory) {
            var reservation: ReservationDocument?
            try await eventually(within: .seconds(30), "the reservation is answered") {
                let reply = try? await buyer.reserve(request, key: reserveKey)
                if reply?.status == 201 { reservation = try reply?.decode() }
                return reservation != nil
            }
            let held = try #require(reservation)
            let booking = try await scene.settle(buyer, held, key: confirmKey)
            #expect(booking.status == .confirmed)
        }
        let audit = try await scene.audit([])
        #expect(audit.isClean, "\(audit)")
    }
}
