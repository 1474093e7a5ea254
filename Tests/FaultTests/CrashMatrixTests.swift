import Checker
import Contracts
import TestSupport
import Testing

/// Booking is killed at every step of a purchase, of a refund and of a cancellation, and started again: there is one
/// outcome, and money and seats are in balance.
@Suite(.serialized) struct CrashMatrixTests {
    /// What is under way when booking dies.
    enum Story: String, CaseIterable {
        case purchase
        case declined
        /// The event is cancelled before the hold is sold: the charge goes back.
        case stopped
        case cancellation
        /// The event is cancelled after the sale.
        case eventCancelled = "event cancelled"
    }

    /// A step of a story and the points around its effect; nil where it has none.
    struct Step {
        let story: Story
        let name: String
        let before: String?
        let after: String?
        let recorded: String?

        init(_ story: Story, _ name: String, before: String? = nil, after: String? = nil, recorded: String? = nil) {
            self.story = story
            self.name = name
            self.before = before
            self.after = after
            self.recorded = recorded
        }
    }

    static let steps = [
        Step(.purchase, "begin", recorded: "begin.recorded"),
        Step(.purchase, "pin", before: "pin.before", after: "pin.after", recorded: "charge.intent"),
        Step(.purchase, "charge", before: "charge.before", after: "charge.after"),
        Step(.purchase, "commit", before: "commit.before", after: "commit.after", recorded: "confirm.recorded"),
        Step(.declined, "fail", before: "fail.before", recorded: "fail.recorded"),
        Step(.declined, "unpin", before: "unpin.before", after: "unpin.after", recorded: "release.recorded"),
        Step(.stopped, "refund due", recorded: "refund.due"),
        Step(.stopped, "refund", before: "refund.before", after: "refund.after", recorded: "refund.recorded"),
        Step(.stopped, "unpin", before: "unpin.before", after: "unpin.after", recorded: "release.recorded"),
        Step(.cancellation, "tickets", recorded: "cancel.recorded"),
        Step(
            .cancellation, "refund", before: "cancel.refund.before", after: "cancel.refund.after",
            recorded: "cancel.refund.recorded"),
        Step(
            .cancellation, "release", before: "cancel.release.before", after: "cancel.release.after",
            recorded: "cancel.release.recorded"),
        Step(.eventCancelled, "begin", after: "event-refund.begun"),
        Step(.eventCancelled, "tickets", recorded: "event-refund.cancelled"),
        Step(
            .eventCancelled, "refund", before: "cancel.refund.before", after: "cancel.refund.after",
            recorded: "cancel.refund.recorded"),
    ]

    @Test("booking dies at every step of confirm, cancel and refund")
    func matrix() async throws {
        let scene = try await CrashScene.make()
        var matrix = CrashMatrix(columns: ["before", "after", "recorded"])
        for step in Self.steps {
            let row = "\(step.story.rawValue): \(step.name)"
            for (column, point) in [("before", step.before), ("after", step.after), ("recorded", step.recorded)] {
                guard let point else {
                    matrix[row, column] = "-"
                    continue
                }
                matrix[row, column] = try await run(step.story, dyingAt: "booking.\(point)", scene)
            }
        }
        print("Booking killed around each effect, started again and audited\n\(matrix)")
    }

    private func run(_ story: Story, dyingAt point: String, _ scene: CrashScene) async throws -> String {
        switch story {
        case .purchase: try await purchase(point, scene)
        case .declined: try await declined(point, scene)
        case .stopped: try await stopped(point, scene)
        case .cancellation: try await cancellation(point, scene)
        case .eventCancelled: try await eventCancelled(point, scene)
        }
    }

    /// The outcome as a cell, after the audit of the scene's event found nothing.
    private func judged(_ outcome: String, _ audit: AuditReport, _ point: String) -> String {
        #expect(audit.isClean, "\(point): \(audit)")
        return audit.isClean ? "\(outcome), in balance" : "BROKEN"
    }

    private func purchase(_ point: String, _ scene: CrashScene) async throws -> String {
        let key = CrashScene.key()
        let (buyer, reservation) = try await scene.holdSeat()
        try await scene.crashBooking(at: point) { _ = try? await buyer.confirm(reservation.reservationId, key: key) }
        let booking = try await scene.settle(buyer, reservation, key: key)
        #expect(booking.status == .confirmed, "\(point)")
        return judged(booking.status.rawValue, try await scene.audit([booking]), point)
    }

    /// A declined purchase ends as one, and another card buys the seat.
    private func declined(_ point: String, _ scene: CrashScene) async throws -> String {
        let key = CrashScene.key()
        let (buyer, reservation) = try await scene.holdSeat()
        try await scene.crashBooking(at: point) {
            _ = try? await buyer.confirm(reservation.reservationId, payment: .token("tok_declined"), key: key)
        }
        try await eventually(within: .seconds(30), "the refusal is answered") {
            try await buyer.confirm(reservation.reservationId, payment: .token("tok_declined"), key: key).status == 402
        }
        let booking = try await scene.settle(buyer, reservation, key: CrashScene.key())
        return judged("Failed, then \(booking.status.rawValue)", try await scene.audit([booking]), point)
    }

    private func stopped(_ point: String, _ scene: CrashScene) async throws -> String {
        let other = try await scene.otherEvent()
        let key = CrashScene.key()
        let (buyer, reservation) = try await other.holdSeat()
        try await other.cancelEvent()
        try await scene.crashBooking(at: point) { _ = try? await buyer.confirm(reservation.reservationId, key: key) }
        try await eventually(within: .seconds(30), "the refusal is answered") {
            try await buyer.confirm(reservation.reservationId, key: key).code == "not-on-sale"
        }
        let mine: [BookingDocument] = try await buyer.get("/api/bookings/me")
        #expect(mine.map(\.status) == [.refunded] && mine.map(\.paymentStatus) == [.refunded], "\(point)")
        return judged("Refunded", try await other.audit([]), point)
    }

    private func cancellation(_ point: String, _ scene: CrashScene) async throws -> String {
        let key = CrashScene.key()
        let (buyer, reservation) = try await scene.holdSeat()
        let booking = try await scene.settle(buyer, reservation, key: CrashScene.key())
        try await scene.crashBooking(at: point) { _ = try? await buyer.cancel(booking.bookingId, key: key) }
        try await eventually(within: .seconds(30), "the cancellation is answered") {
            try await buyer.cancel(booking.bookingId, key: key).status == 200
        }
        let now = try await buyer.booking(booking.bookingId)
        #expect(now.status == .cancelled && now.paymentStatus == .refunded, "\(point)")
        let audit = try await scene.audit(
            [], cancelled: [AcknowledgedBooking(bookingID: now.bookingId, seatNumbers: [], isCancelled: true)])
        return judged("Cancelled", audit, point)
    }

    private func eventCancelled(_ point: String, _ scene: CrashScene) async throws -> String {
        let other = try await scene.otherEvent()
        var sold: [(buyer: APIClient, booking: BookingDocument)] = []
        for _ in 0..<3 {
            let (buyer, reservation) = try await other.holdSeat()
            sold.append((buyer, try await other.settle(buyer, reservation, key: CrashScene.key())))
        }
        try await scene.crashBooking(at: point) { try await other.cancelEvent() }
        try await eventually(within: .seconds(30), "everything is given back") {
            try await other.refunds().state == .done
        }
        let refunds = try await other.refunds()
        #expect(refunds.bookings == 3 && refunds.refunded == 3, "\(point)")
        let audit = try await other.audit(
            [],
            cancelled: sold.map {
                AcknowledgedBooking(bookingID: $0.booking.bookingId, seatNumbers: [], isCancelled: true)
            })
        return judged("3 of 3 Cancelled", audit, point)
    }
}
