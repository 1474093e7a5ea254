import Contracts

/// An event in the words of the wire.
extension Event {
    /// The event with what is left of it.
    ///
    /// `stock` is inventory's answer; without one nothing can be bought, and the counters are zero.
    func document(stock: EventStock?, at now: Timestamp) -> EventDocument {
        let types = ticketTypes.map { $0.document(eventID: id, stock: stock?.ticketTypes[$0.id] ?? .none) }
        return EventDocument(
            id: id, title: details.title, description: details.description, artist: details.artist,
            venue: details.venue, venueAddress: details.venueAddress, city: details.city, category: details.category,
            eventDate: details.eventDate, endDate: details.endDate, status: status(at: now),
            isActive: isActive(at: now),
            ownerId: ownerID, reserveOn: details.reserveOn, maxPerOrder: details.maxPerOrder,
            totalCapacity: types.reduce(0) { $0 + $1.totalQuantity },
            availableCapacity: types.reduce(0) { $0 + $1.availableCount }, waitingRoom: waitingRoom, version: version,
            ticketTypes: types, createdAt: createdAt, updatedAt: updatedAt)
    }

    func availability(stock: EventStock?, at now: Timestamp) -> AvailabilityDocument {
        AvailabilityDocument(
            eventId: id, status: status(at: now), isActive: isActive(at: now), version: stock?.version ?? 0,
            ticketTypes: ticketTypes.map { type in
                AvailabilityDocument.TicketType(
                    ticketTypeId: type.id, name: type.name, price: type.price.amount,
                    currency: type.price.currency.code, stock: stock?.ticketTypes[type.id] ?? .none)
            })
    }

    /// The counters of the event before anything of it was sold.
    var untouchedStock: EventStock {
        var counters: [String: TicketTypeStock] = [:]
        for type in ticketTypes { counters[type.id] = TicketTypeStock(total: type.capacity, reserved: 0, sold: 0) }
        return EventStock(eventId: id, version: 0, ticketTypes: counters)
    }

    /// The rules that inventory is to sell by, as their `version`.
    func rules(_ plan: SeatPlan, version: Int64) -> EventRules {
        EventRules(
            eventId: id, ownerId: ownerID, version: version, status: storedStatus, isActive: !isDeleted,
            eventDate: details.eventDate, endDate: details.endDate, maxPerOrder: details.maxPerOrder,
            reserveOn: details.reserveOn, ticketTypes: ticketTypes.map { $0.rules(sections: plan[$0.id] ?? []) })
    }
}

extension TicketType {
    fileprivate func document(eventID: String, stock: TicketTypeStock) -> TicketTypeDocument {
        TicketTypeDocument(
            id: id, eventId: eventID, name: name, description: description, price: price.amount,
            currency: price.currency.code, stock: stock, saleStartsAt: saleStartsAt, saleEndsAt: saleEndsAt,
            isActive: isActive, seating: seating, createdAt: createdAt, updatedAt: updatedAt)
    }

    fileprivate func rules(sections: [EventRules.Section]) -> EventRules.TicketType {
        EventRules.TicketType(
            ticketTypeId: id, name: name, priceMinorUnits: price.minorUnits, currency: price.currency.code,
            seating: seating, capacity: capacity, sections: sections, saleStartsAt: saleStartsAt,
            saleEndsAt: saleEndsAt, isActive: isActive)
    }
}

extension TicketTypeStock {
    /// Nothing to sell.
    fileprivate static let none = TicketTypeStock(total: 0, reserved: 0, sold: 0)
}
