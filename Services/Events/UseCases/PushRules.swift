import Contracts
import ServiceKit

/// Brings an event's rules and stock to inventory, then lets everyone see what inventory sells by.
///
/// Safe to repeat at any point and from several places at once: inventory applies a version once, and recording it
/// is conditional on the version.
struct PushRules: Sendable {
    let store: PushStore
    let stock: any StockClient

    /// Pushes what inventory does not have of one event yet; nothing happens when it has everything.
    func callAsFunction(_ eventID: String, in context: CallContext) async throws {
        guard let pending = try await store.pending(eventID) else { return }
        try await push(pending, in: context)
    }

    func push(_ pending: PushStore.Pending, in context: CallContext) async throws {
        let event = pending.event
        try await stock.put(event.rules(pending.plan), in: context)
        try await FaultPoint.reach("events.rules.pushed")
        if pending.isWithdrawn {
            try await store.deleteWithdrawn(event.id)
        } else {
            try await store.recordPushed(event.id, version: event.version)
        }
    }
}
