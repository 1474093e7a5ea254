import Contracts
import ServiceKit

/// Tickets of one booking that were taken back together, and how far their money and their places have come.
///
/// The tickets are cancelled in the transaction that records it, so what follows can only be late, never undone.
struct Cancellation: Sendable, Hashable {
    /// How far it is recorded: what a worker that takes it up must do first follows from this alone.
    enum Phase: String, Sendable, CaseIterable {
        /// The money must go back; it may have gone.
        case refunding
        /// The places must become free; they may be.
        case releasing
        case done
    }

    enum Reason: String, Sendable, CaseIterable {
        /// The buyer asked for it.
        case asked
        case eventCancelled = "event-cancelled"
    }

    let bookingID: String
    /// From 1, in the order of the booking's cancellations.
    let number: Int64
    let eventID: String
    let reservationID: String
    let reason: Reason
    /// Who asked, for the audit trail.
    let actor: String
    let ticketIDs: [String]
    let amount: Money
    var phase: Phase
    /// The key that the buyer's answer is kept under; nil when they sent none.
    let claim: IdempotencyClaim?
    var lease: SagaLease
    /// How often a recovery worker took it up.
    var recoveries: Int

    /// Names its refund at the payment service. A ticket is cancelled once, so no two keys stand for one ticket's money.
    var refundKey: String { "refund-\(bookingID)-\(number)" }
}
