import Contracts

/// Takes an event a step further in its life: inventory sells by it before the organizer is answered.
struct MoveEvent: Sendable {
    /// A step as `Event+lifecycle` has them.
    typealias Step = @Sendable (Event, Timestamp) throws -> Event?

    let changeEvent: ChangeEvent
    let reader: StockReader
    let clock: any WallClock

    /// The event after the step; one that is there already is answered as it is.
    func callAsFunction(
        _ id: String, _ step: Step, intent: String? = nil, in context: CallContext
    ) async throws -> EventDocument {
        let outcome = try await changeEvent(id, intent: intent, in: context) { event, plan, now in
            try step(event, now).map { StagedChange(kind: .replace, event: $0, plan: plan) }
        }
        guard let event = outcome.event else { throw EventsError.unknownEvent }
        return try await reader.document(of: event, at: clock.now())
    }
}
