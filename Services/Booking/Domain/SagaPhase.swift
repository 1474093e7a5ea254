/// How far a booking's saga is recorded: what a worker that takes it up must do first follows from this alone.
enum SagaPhase: String, Sendable, CaseIterable {
    /// The booking exists; its hold may be pinned. Nothing can have been charged.
    case pinning
    /// Amount and places are recorded; the buyer may be charged and the hold may be sold.
    case charging
    /// The money was taken and must go back; the refund may have been made.
    case refunding
    /// The outcome is final and answered; the hold may still be pinned.
    case releasing
    /// Nothing is left to do.
    case done
}
