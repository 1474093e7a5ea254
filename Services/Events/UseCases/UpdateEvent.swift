import Contracts

/// Replaces what an organizer says about an event and its tickets; inventory decides whether what is sold allows it.
struct UpdateEvent: Sendable {
    let changeEvent: ChangeEvent
    let reader: StockReader
    let clock: any WallClock

    /// The event after the change.
    ///
    /// - Throws: ``EventsError/staleVersion(current:)`` when `form` was made from another version than the current one
    func callAsFunction(
        _ id: String, _ form: EventForm, intent: String? = nil, in context: CallContext
    ) async throws -> EventDocument {
        let outcome = try await changeEvent(id, intent: intent, in: context) { event, plan, now in
            let draft = try EventRulebook(now: now).draft(from: form, replacing: event, plan)
            try event.checkChangeable(at: now)
            guard form.version == nil || form.version == event.version else {
                throw EventsError.staleVersion(current: event.version)
            }
            let (revised, newPlan) = draft.revise(event, plan, at: now)
            return StagedChange(kind: .replace, event: revised, plan: newPlan)
        }
        guard let event = outcome.event else { throw EventsError.unknownEvent }
        return try await reader.document(of: event, at: clock.now())
    }
}
