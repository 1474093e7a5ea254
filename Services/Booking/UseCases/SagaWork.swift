import Contracts
import HTTPKit
import ServiceKit

/// One worker's part of one saga: what it knows and what it found out on the way.
struct SagaWork: Sendable {
    var booking: Booking
    /// Who acts, for the audit trail.
    let actor: String
    /// Whether nobody waits for the outcome here.
    let isRecovery: Bool
    /// What the buyer pays with; only the request that brought it ever has it.
    let payment: PaymentMethod?
    /// What the tickets say, where the buyer says something else than at the reservation.
    let notes: String?
    /// For the steps of the sale itself.
    let forward: CallContext
    /// For compensation: lasts a little longer, so that what was begun in the last moment can be taken back.
    let back: CallContext

    /// The reservation's own id, should the buyer have named it by an alias.
    var canonicalReservationID: String?
    /// What payment says about a charge that was declined.
    var declineDetail: String?
    /// Why nothing was executed.
    var refusal: Problem?
    /// The final answer, once it is recorded.
    var reply: StoredReply?

    /// The part of the request that confirms.
    init(_ booking: Booking, payment: PaymentMethod?, notes: String? = nil, call: CallContext) {
        self.booking = booking
        actor = "user:\(booking.userID)"
        isRecovery = false
        self.payment = payment
        self.notes = notes
        back = call
        let remaining = call.deadline.remaining
        let reserve = min(Self.reserveMax, remaining / 4)
        forward = CallContext(deadline: .after(remaining - reserve), traceparent: call.traceparent)
    }

    /// The part of a recovery worker of `process`.
    init(recovering booking: Booking, process: String, call: CallContext) {
        self.booking = booking
        actor = "recovery:\(process)"
        isRecovery = true
        payment = nil
        notes = nil
        forward = call
        back = call
    }

    private static let reserveMax = Duration.seconds(1)
}
