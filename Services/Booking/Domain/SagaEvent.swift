/// What the payment service says about a charge.
enum ChargeOutcome: Sendable, Hashable, CaseIterable {
    case captured
    case declined
    /// No charge under the key can succeed any more.
    case voided
    /// The provider has not answered yet.
    case pending
    /// There is no charge under the key, so far.
    case none
    /// The payment method cannot be one; nothing was tried.
    case rejected
}

/// What became of the last action of a saga.
enum SagaEvent: Sendable, Hashable {
    /// The hold is pinned and what the buyer sent fits it.
    case pinned(isFree: Bool)
    /// The hold is pinned, but the buyer sent another amount or nothing to pay with.
    case pinnedInVain
    case pinRefused
    case charge(ChargeOutcome)
    case committed
    case commitRefused(FailureReason)
    case refunded
    case unpinned
    /// No answer came: the effect may have taken place or not.
    case unanswered
    /// The record was written.
    case recorded
    /// Another worker has the saga; nothing was written.
    case superseded
    /// A ticket for one of the seats is in use already; nothing was written.
    case seatTaken
}
