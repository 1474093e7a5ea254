import Contracts
import ServiceKit

/// Tells inventory what it does not know of an event yet and stores what it decided: then everyone sees it.
///
/// Safe to repeat at any point and from several places at once: inventory decides about a version once, and recording
/// the decision is conditional on the version.
struct PushRules: Sendable {
    let store: PushStore
    let stock: any StockClient
    let clock: any WallClock

    /// Tells what is pending of one event; nil when inventory has everything.
    @discardableResult
    func callAsFunction(_ eventID: String, in context: CallContext) async throws -> RulesDecision? {
        guard let pending = try await store.pending(eventID) else { return nil }
        return try await push(pending, in: context)
    }

    func push(_ pending: PushStore.Pending, in context: CallContext) async throws -> RulesDecision {
        let decision = try await tell(pending, in: context)
        try await FaultPoint.reach("events.rules.pushed")
        // In a task of its own: inventory has decided, whether the request still waits for it or not.
        try await Task { try await store.record(decision, on: pending, at: clock.now()) }.value
        return decision
    }

    private func tell(
        _ pending: PushStore.Pending, in context: CallContext
    ) async throws(ServiceCallError) -> RulesDecision {
        switch pending.matter {
        case .creation:
            return try await stock.put(pending.event.rules(pending.plan, version: pending.rulesVersion), in: context)
        case .withdrawal:
            return try await stock.remove(pending.event.id, version: pending.rulesVersion, in: context)
        case .change(let change):
            guard change.kind == .replace else {
                return try await stock.remove(pending.event.id, version: pending.rulesVersion, in: context)
            }
            return try await stock.put(change.event.rules(change.plan, version: pending.rulesVersion), in: context)
        }
    }
}
