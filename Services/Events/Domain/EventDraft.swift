import Contracts

/// An event that keeps every rule and is not stored yet.
struct EventDraft: Sendable, Hashable {
    struct TicketTypeDraft: Sendable, Hashable {
        let name: String
        let description: String?
        let price: Money
        let seating: Seating
        let capacity: Int
        let saleStartsAt: Timestamp?
        let saleEndsAt: Timestamp?
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
        var plan: SeatPlan = [:]
        let types = ticketTypes.map { type in
            let id = UUIDv7.make(at: now)
            if !type.sections.isEmpty { plan[id] = type.sections }
            return TicketType(
                id: id, name: type.name, description: type.description, price: type.price, seating: type.seating,
                capacity: type.capacity, saleStartsAt: type.saleStartsAt, saleEndsAt: type.saleEndsAt, isActive: true,
                createdAt: now, updatedAt: now)
        }
        let event = Event(
            id: UUIDv7.make(at: now), ownerID: ownerID, details: details, storedStatus: isDraft ? .draft : .active,
            isDeleted: false, waitingRoom: false, version: 1, ticketTypes: types, createdAt: now, updatedAt: now)
        return (event, plan)
    }
}
