import Contracts

/// Takes an event away: without a trace where nothing of it is held or sold, else it stays readable and sells no more.
///
/// Which of both is inventory's to decide, in the transaction that ends the sale.
struct DeleteEvent: Sendable {
    let changeEvent: ChangeEvent

    func callAsFunction(_ id: String, intent: String? = nil, in context: CallContext) async throws {
        _ = try await changeEvent(id, intent: intent, in: context) { event, plan, now in
            StagedChange(kind: .remove, event: event.deleted(at: now), plan: plan)
        }
    }
}
