import Checker
import Contracts
import TestSupport
import Testing

/// A booking whose answer is lost, or whose inventory dies, ends all the same: confirmed, or with the money back.
@Suite(.serialized) struct SagaCrashTests {
    /// Places of a purchase that goes through.
    static let purchase = [
        "begin.recorded", "pin.before", "pin.after", "charge.intent", "charge.before", "charge.after", "commit.before",
        "commit.after", "confirm.recorded",
    ]

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

    @Test("inventory dies around taking places back", arguments: ["inventory.keep.before", "inventory.keep.after"])
    func inventoryDiesAtRelease(point: String) async throws {
        let scene = try await CrashScene.shared()
        let (buyer, reservation) = try await scene.holdSeat()
        let booking = try await scene.settle(buyer, reservation, key: CrashScene.key())
        try await scene.restart(.inventory, faults: "\(point)=die")
        let key = CrashScene.key()
        try await scene.reviving(.inventory) {
            try await eventually(within: .seconds(30), "the cancellation is answered") {
                (try? await buyer.cancel(booking.bookingId, key: key).status) == 200
            }
        }
        let audit = try await scene.audit(
            [], cancelled: [AcknowledgedBooking(bookingID: booking.bookingId, seatNumbers: [], isCancelled: true)])
        #expect(audit.isClean, "\(audit)")
    }
}
