import Contracts
import ServiceKit

/// Carries out a change of an event: stored as what is meant, decided by inventory, then shown.
///
/// A process that dies on the way leaves a staged change that ``PushPendingRules`` or the next change of the event
/// finishes. What inventory refuses was never visible.
struct ChangeEvent: Sendable {
    let changes: ChangeStore
    let pushRules: PushRules
    let clock: any WallClock
    /// When the background takes over what a request has begun; longer than any request may take.
    let takeoverDelay: Duration

    /// What a change led to.
    struct Outcome: Sendable {
        /// The event as it is now; nil when it is gone.
        let event: Event?
        /// How many tickets were made.
        let created: Int
    }

    /// How often changes by others in the same moments are let pass.
    private static let attemptsMax = 50

    /// - Parameters:
    ///   - intent: names what the caller is doing, the same each time they repeat it: what was carried out before is not
    ///     carried out again
    ///   - decide: makes the change from the event and its seats as they are; nil when there is nothing to do
    /// - Throws: ``EventsError/inventoryUnavailable`` when inventory gave no answer, after which the background goes on;
    ///   or why inventory or `decide` refused
    func callAsFunction(
        _ id: String, intent: String?, in context: CallContext,
        decide: (_ event: Event, _ plan: SeatPlan, _ now: Timestamp) throws -> StagedChange?
    ) async throws -> Outcome {
        for _ in 0..<Self.attemptsMax {
            let now = clock.now()
            let outset = try await changes.outset(id, intent: intent, at: now)
            if outset.pending == nil, let created = outset.finished {
                return Outcome(event: outset.event, created: created)
            }
            guard let event = outset.event else { throw EventsError.unknownEvent }
            if let pending = outset.pending {
                _ = try await tell(pending, in: context)
                continue
            }
            guard var change = try decide(event, outset.plan, now) else { return Outcome(event: event, created: 0) }
            change.intent = intent
            guard
                let pending = try await changes.stage(
                    change, from: event.version, at: now, pushDueAt: now + takeoverDelay)
            else { continue }
            try await FaultPoint.reach("events.change.staged")
            let decision = try await tell(pending, in: context)
            return try outcome(of: change, decision)
        }
        throw EventsError.changedMeanwhile
    }

    private func tell(_ pending: PushStore.Pending, in context: CallContext) async throws -> RulesDecision {
        do {
            return try await pushRules.push(pending, in: context)
        } catch is ServiceCallError {
            throw EventsError.inventoryUnavailable
        }
    }

    private func outcome(of change: StagedChange, _ decision: RulesDecision) throws(EventsError) -> Outcome {
        switch decision.outcome {
        case .applied, .closed: return Outcome(event: change.event, created: change.created)
        case .removed: return Outcome(event: nil, created: 0)
        case .superseded: throw .changedMeanwhile
        case .capacityBelowSold: throw .capacityBelowSold(decision.conflicts)
        case .seatsTaken: throw .seatsTaken(decision.conflicts)
        case .refundsBegan: throw .refundsBegan
        }
    }
}
