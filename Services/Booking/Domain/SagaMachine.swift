/// The booking saga without its I/O: an event comes in, the next action goes out.
///
/// The request that confirms and the worker that recovers drive the same machine; they differ in where they start and
/// in who holds the card. Its rules are those of the promises: commit only what is captured or free, refund only what
/// was captured, never forget a booking that may have been charged, unpin what ends otherwise than sold.
struct SagaMachine: Sendable, Hashable {
    /// What the machine waits to hear about.
    enum Step: Sendable, Hashable {
        case pinning
        case recordingIntent
        case charging
        case inquiring
        case voiding
        case committing
        case recordingConfirmed
        case recordingFailed(FailureReason)
        case recordingRefundDue(FailureReason)
        case refunding(FailureReason)
        case recordingRefunded(FailureReason)
        case releasing
        case recordingReleased
        /// Unpinning before the booking is dropped.
        case returning
        case dropping
        /// Taking back the pin of a booking that another worker drops.
        case withdrawing
        case ended(SagaEnd)
    }

    /// More actions than any path has: the bound of a driver's loop.
    static let actionsMax = 16

    private(set) var step: Step
    /// The phase that is recorded, which is also what the next record compares with.
    private(set) var phase: SagaPhase
    private(set) var isFree: Bool
    /// Whether a pending charge is to be given up.
    let givesUp: Bool

    /// A saga at its beginning, for the request that pays.
    static func begin() -> (SagaMachine, SagaAction) {
        (SagaMachine(step: .pinning, phase: .pinning, isFree: false, givesUp: false), .pin)
    }

    /// A saga whose worker went missing.
    ///
    /// - Parameters:
    ///   - isFree: whether its total is zero
    ///   - failure: why it is refunded, in that phase
    ///   - givesUp: whether the time for its payment is over
    static func resume(
        at phase: SagaPhase, isFree: Bool, failure: FailureReason?, givesUp: Bool
    ) -> (SagaMachine, SagaAction) {
        let (step, action): (Step, SagaAction) =
            switch phase {
            case .pinning: (.returning, .unpin)
            case .charging: isFree ? (.committing, .commit) : (.inquiring, .inquire)
            case .refunding: (.refunding(failure ?? .reservationLost), .refund)
            case .releasing: (.releasing, .unpin)
            case .done: (.ended(.superseded), .stop)
            }
        return (SagaMachine(step: step, phase: phase, isFree: isFree, givesUp: givesUp), action)
    }

    /// Takes in what became of the last action and says the next.
    ///
    /// An event that does not belong to the step leaves the saga as it is recorded, to the recovery worker.
    mutating func handle(_ event: SagaEvent) -> SagaAction {
        if case .ended = step { return .stop }
        // Whoever took the booking up before its intent was recorded drops it; a pin that came later is ours to undo.
        if event == .superseded { return step == .recordingIntent ? go(.withdrawing, .unpin) : end(.superseded) }
        if step == .withdrawing { return end(.superseded) }
        switch phase {
        case .pinning: return handlePinning(event)
        case .charging: return handleCharging(event)
        case .refunding: return handleRefunding(event)
        case .releasing: return handleReleasing(event)
        case .done: return .stop
        }
    }

    private mutating func handlePinning(_ event: SagaEvent) -> SagaAction {
        switch (step, event) {
        case (.pinning, .pinned(let isFree)):
            self.isFree = isFree
            return go(.recordingIntent, .recordIntent)
        case (.pinning, .pinRefused): return go(.dropping, .drop)
        case (.pinning, .pinnedInVain), (.pinning, .unanswered): return go(.returning, .unpin)
        case (.recordingIntent, .recorded):
            phase = .charging
            return isFree ? go(.committing, .commit) : go(.charging, .charge)
        default: return handleDropping(event)
        }
    }

    private mutating func handleCharging(_ event: SagaEvent) -> SagaAction {
        switch (step, event) {
        case (.charging, .charge(let outcome)), (.inquiring, .charge(let outcome)), (.voiding, .charge(let outcome)):
            return handleCharge(outcome)
        case (.committing, .committed): return go(.recordingConfirmed, .recordConfirmed)
        case (.committing, .commitRefused(let reason)): return compensate(reason)
        case (.recordingConfirmed, .recorded):
            phase = .done
            return end(.confirmed)
        case (.recordingConfirmed, .seatTaken): return compensate(.seatTaken)
        case (.recordingFailed, .recorded):
            phase = .releasing
            return go(.releasing, .unpin)
        case (.recordingRefundDue(let reason), .recorded):
            phase = .refunding
            return go(.refunding(reason), .refund)
        default: return handleDropping(event)
        }
    }

    private mutating func handleCharge(_ outcome: ChargeOutcome) -> SagaAction {
        switch (outcome, step) {
        case (.captured, _): go(.committing, .commit)
        case (.declined, _): go(.recordingFailed(.declined), .recordFailed(.declined))
        case (.voided, _): go(.recordingFailed(.notCompleted), .recordFailed(.notCompleted))
        // Nobody else knows the card: a charge that is not there now could only come from a request that still runs,
        // and the void keeps it from succeeding.
        case (.none, .inquiring): go(.voiding, .void)
        case (.pending, .inquiring) where givesUp: go(.voiding, .void)
        case (.rejected, .charging): go(.returning, .unpin)
        case (.pending, _), (.none, _), (.rejected, _): end(.handedOver)
        }
    }

    private mutating func handleRefunding(_ event: SagaEvent) -> SagaAction {
        switch (step, event) {
        case (.refunding(let reason), .refunded): return go(.recordingRefunded(reason), .recordRefunded(reason))
        case (.recordingRefunded, .recorded):
            phase = .releasing
            return go(.releasing, .unpin)
        default: return end(.handedOver)
        }
    }

    private mutating func handleReleasing(_ event: SagaEvent) -> SagaAction {
        switch (step, event) {
        case (.releasing, .unpinned): return go(.recordingReleased, .recordReleased)
        case (.recordingReleased, .recorded):
            phase = .done
            return end(.compensated)
        default: return end(.handedOver)
        }
    }

    /// The way back of a booking that was not executed.
    private mutating func handleDropping(_ event: SagaEvent) -> SagaAction {
        switch (step, event) {
        case (.returning, .unpinned): return go(.dropping, .drop)
        case (.dropping, .recorded):
            phase = .done
            return end(.dropped)
        default: return end(.handedOver)
        }
    }

    /// Ends a booking that cannot be sold: with the money back, where there was any.
    private mutating func compensate(_ reason: FailureReason) -> SagaAction {
        isFree
            ? go(.recordingFailed(reason), .recordFailed(reason))
            : go(.recordingRefundDue(reason), .recordRefundDue(reason))
    }

    private mutating func go(_ next: Step, _ action: SagaAction) -> SagaAction {
        step = next
        return action
    }

    private mutating func end(_ end: SagaEnd) -> SagaAction {
        step = .ended(end)
        return end == .handedOver ? .handOver : .stop
    }
}
