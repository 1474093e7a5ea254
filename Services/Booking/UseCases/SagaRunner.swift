import Contracts
import Logging
import ServiceKit

/// Carries out what the saga's machine asks for: effects at other services, records in the store.
struct SagaRunner: Sendable {
    let effects: SagaEffects
    let store: SagaStore
    let clock: any WallClock
    let timing: RecoveryTiming
    let logger: Logger
    /// Passed at every ``SagaPoint``; a throw abandons the saga there, as the death of the process would.
    let reach: @Sendable (SagaPoint) async throws -> Void

    /// Drives a saga until it ends or this worker has to leave it.
    ///
    /// - Throws: what the database throws, or a fault point. The saga then stays as it is recorded, for recovery.
    func run(_ begun: (SagaMachine, SagaAction), _ work: inout SagaWork) async throws -> SagaEnd {
        var (machine, action) = begun
        for _ in 0..<SagaMachine.actionsMax {
            switch action {
            case .stop:
                guard case .ended(let end) = machine.step else { return .superseded }
                return end
            case .handOver:
                return try await handOver(work) ? .handedOver : .superseded
            default:
                action = machine.handle(try await perform(action, &work))
                work.booking.phase = machine.phase
            }
        }
        logger.critical("a saga did not end", metadata: ["bookingId": "\(work.booking.id)"])
        return .handedOver
    }

    private func perform(_ action: SagaAction, _ work: inout SagaWork) async throws -> SagaEvent {
        switch action {
        case .pin:
            try await reach(.beforePin)
            return try await passing(.afterPin, await effects.pin(&work))
        case .charge:
            try await reach(.beforeCharge)
            return try await passing(.afterCharge, await effects.charge(&work))
        case .inquire: return await effects.inquire(&work)
        case .void:
            try await reach(.beforeVoid)
            return try await passing(.afterVoid, await effects.void(&work))
        case .commit:
            try await reach(.beforeCommit)
            return try await passing(.afterCommit, await effects.commit(work))
        case .refund:
            try await reach(.beforeRefund)
            return try await passing(.afterRefund, await effects.refund(work))
        case .unpin:
            try await reach(.beforeUnpin)
            return try await passing(.afterUnpin, await effects.unpin(work))
        default: return try await record(action, &work)
        }
    }

    /// The event, past the point between an effect and its record.
    private func passing(_ point: SagaPoint, _ event: SagaEvent) async throws -> SagaEvent {
        try await reach(point)
        return event
    }

    private func record(_ action: SagaAction, _ work: inout SagaWork) async throws -> SagaEvent {
        switch action {
        case .recordIntent: try await recordIntent(&work)
        case .recordConfirmed: try await recordConfirmed(&work)
        case .recordFailed(let reason): try await recordFailed(reason, &work)
        case .recordRefundDue(let reason): try await recordRefundDue(reason, &work)
        case .recordRefunded(let reason): try await recordRefunded(reason, &work)
        case .recordReleased: try await recorded(store.recordReleased(work.booking), .releaseRecorded)
        case .drop: try await recorded(store.drop(work.booking), .dropRecorded)
        default: .unanswered
        }
    }

    func recorded(_ isOurs: Bool, _ point: SagaPoint) async throws -> SagaEvent {
        guard isOurs else { return .superseded }
        try await reach(point)
        return .recorded
    }
}
