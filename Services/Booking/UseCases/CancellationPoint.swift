import ServiceKit

/// Places in a cancellation where a test can stop it: before an effect, between an effect and its record, after a
/// record.
enum CancellationPoint: String, Sendable, CaseIterable {
    case recorded = "booking.cancel.recorded"
    case beforeRefund = "booking.cancel.refund.before"
    case afterRefund = "booking.cancel.refund.after"
    case refundRecorded = "booking.cancel.refund.recorded"
    case beforeRelease = "booking.cancel.release.before"
    case afterRelease = "booking.cancel.release.after"
    case releaseRecorded = "booking.cancel.release.recorded"

    /// What happens at a point in production: nothing but what `FAULT_POINTS` asks for.
    static let faults: @Sendable (CancellationPoint) async throws -> Void = { point in
        try await FaultPoint.reach(point.rawValue)
    }
}
