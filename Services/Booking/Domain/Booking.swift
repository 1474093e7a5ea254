import Contracts
import ServiceKit

/// A purchase and how far it has come.
struct Booking: Sendable, Hashable {
    /// What was sold: known once the hold was pinned.
    struct Deal: Sendable, Hashable {
        let eventID: String
        let total: Money
        let purchase: Purchase
        /// When an unanswered charge is given up.
        let givesUpAt: Timestamp
    }

    let id: String
    /// `HF-…`, what the buyer reads out.
    let reference: String
    let userID: String
    var reservationID: String
    /// The key that the buyer's answer is kept under.
    let claim: IdempotencyClaim
    var phase: SagaPhase
    var status: BookingStatus
    var paymentStatus: PaymentStatus
    var deal: Deal?
    var failure: FailureReason?
    /// Whether the buyer was answered that the outcome is not known yet.
    var isAcknowledged: Bool
    let createdAt: Timestamp
    var confirmedAt: Timestamp?
    var cancelledAt: Timestamp?
    /// What has gone back of its charge, in minor units.
    var refundedMinorUnits: Int64 = 0
    var lease: SagaLease
    /// How often a recovery worker took it up.
    var recoveries: Int

    /// Names the booking's one charge at the payment service.
    var chargeKey: String { Self.chargeKey(ofBooking: id) }

    /// Names the one refund of a booking that could not be kept.
    var refundKey: String { "refund-\(id)" }

    static func chargeKey(ofBooking id: String) -> String { "charge-\(id)" }
}
