import ServiceKit

/// Places in the saga where a test can stop it: before an effect, between an effect and its record, after a record.
enum SagaPoint: String, Sendable, CaseIterable {
    case beginRecorded = "booking.begin.recorded"
    case beforePin = "booking.pin.before"
    case afterPin = "booking.pin.after"
    case chargeIntended = "booking.charge.intent"
    case beforeCharge = "booking.charge.before"
    case afterCharge = "booking.charge.after"
    case beforeVoid = "booking.void.before"
    case afterVoid = "booking.void.after"
    case beforeCommit = "booking.commit.before"
    case afterCommit = "booking.commit.after"
    case confirmRecorded = "booking.confirm.recorded"
    case beforeFail = "booking.fail.before"
    case failRecorded = "booking.fail.recorded"
    case refundDueRecorded = "booking.refund.due"
    case beforeRefund = "booking.refund.before"
    case afterRefund = "booking.refund.after"
    case refundRecorded = "booking.refund.recorded"
    case beforeUnpin = "booking.unpin.before"
    case afterUnpin = "booking.unpin.after"
    case releaseRecorded = "booking.release.recorded"
    case dropRecorded = "booking.drop.recorded"
    case handOverRecorded = "booking.pending.recorded"

    /// What happens at a point in production: nothing but what `FAULT_POINTS` asks for.
    static let faults: @Sendable (SagaPoint) async throws -> Void = { point in
        try await FaultPoint.reach(point.rawValue)
    }
}
