import Contracts

/// An event as it is to be: it keeps every rule and is not stored yet.
struct EventDraft: Sendable, Hashable {
    struct TicketTypeDraft: Sendable, Hashable {
        /// The type of the event that it replaces; nil for a new one.
        let id: String?
        let name: String
        let description: String?
        let price: Money
        let seating: Seating
        let capacity: Int
        let saleStartsAt: Timestamp?
        let saleEndsAt: Timestamp?
        let isActive: Bool
        /// The type's blocks of seats, existing ones among them.
        let sections: [SeatSection]
    }

    let details: EventDetails
    /// Made without being put on sale.
    let isDraft: Bool
    let ticketTypes: [TicketTypeDraft]
}

extension EventDraft {
    /// The event and its seats as they are stored first: version 1, with new ids.
    func makeEvent(ownerID: String, at now: Timestamp) -> (event: Event, plan: SeatPlan) {
        let nothing = Event(
            id: UUIDv7.make(at: now), ownerID: ownerID, details: details, storedStatus: isDraft ? .draft : .active,
            isDeleted: false, waitingRoom: false, version: 0, ticketTypes: [], createdAt: now, updatedAt: now)
        return revise(nothing, [:], at: now)
    }

    /// `event` with its seats as the draft wants them: one version on, with what it keeps under its old ids.
    func revise(_ event: Event, _ plan: SeatPlan, at now: Timestamp) -> (event: Event, plan: SeatPlan) {
        let existing = Dictionary(uniqueKeysWithValues: event.ticketTypes.map { ($0.id, $0) })
        var nextOrdinal = plan.nextOrdinal
        var newPlan: SeatPlan = [:]
        var revised = event
        revised.details = details
        revised.ticketTypes = ticketTypes.map { draft in
            let old = draft.id.flatMap { existing[$0] }
            let id = old?.id ?? UUIDv7.make(at: now)
            let kept = Dictionary(uniqueKeysWithValues: (plan[id] ?? []).map { ($0.name, $0) })
            let sections = draft.sections.map { section in
                if let section = kept[section.name] { return section }
                let made = EventRules.Section(
                    name: section.name, rows: section.rows, seatsPerRow: section.seatsPerRow,
                    firstOrdinal: nextOrdinal)
                nextOrdinal += Int64(made.seats)
                return made
            }
            if !sections.isEmpty { newPlan[id] = sections }
            return draft.ticketType(id: id, replacing: old, at: now)
        }
        revised.version += 1
        revised.updatedAt = now
        return (revised, newPlan)
    }
}

extension EventDraft.TicketTypeDraft {
    fileprivate func ticketType(id: String, replacing old: TicketType?, at now: Timestamp) -> TicketType {
        var type = TicketType(
            id: id, name: name, description: description, price: price, seating: seating, capacity: capacity,
            saleStartsAt: saleStartsAt, saleEndsAt: saleEndsAt, isActive: isActive, createdAt: old?.createdAt ?? now,
            updatedAt: old?.updatedAt ?? now)
        if type != old { type.updatedAt = now }
        return type
    }
}
