import Contracts

/// Puts more tickets of a type on sale: places of general admission, or new sections of seats.
struct AddTickets: Sendable {
    let changeEvent: ChangeEvent

    /// How many tickets were made.
    func callAsFunction(
        _ id: String, _ form: TicketsForm, intent: String? = nil, in context: CallContext
    ) async throws -> Int {
        try await changeEvent(id, intent: intent, in: context) { event, plan, now in
            let change = try TicketsRulebook(event: event, plan: plan).change(from: form, at: now)
            try event.checkChangeable(at: now)
            return change
        }.created
    }
}
