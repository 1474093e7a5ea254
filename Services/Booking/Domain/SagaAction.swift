/// What is to be done next in a saga: an effect at another service, a record, or the end of this worker's part.
enum SagaAction: Sendable, Hashable {
    // Effects; each is idempotent at the other side.
    case pin
    case charge
    /// Ask what became of the charge.
    case inquire
    /// Give the charge up for good.
    case void
    case commit
    case refund
    case unpin

    // Records; each is a compare-and-set on phase and lease epoch.
    case recordIntent
    case recordConfirmed
    case recordFailed(FailureReason)
    case recordRefundDue(FailureReason)
    case recordRefunded(FailureReason)
    case recordReleased
    /// Delete the booking and its key: nothing was executed.
    case drop

    // Ends.
    /// Leave the rest to the recovery worker.
    case handOver
    case stop
}

/// How a worker's part of a saga ended.
enum SagaEnd: Sendable, Hashable, CaseIterable {
    case confirmed
    /// Failed or refunded, and the hold let go.
    case compensated
    /// Refused before anything was executed; no trace is left.
    case dropped
    /// The recovery worker goes on.
    case handedOver
    /// Another worker has it.
    case superseded
}
