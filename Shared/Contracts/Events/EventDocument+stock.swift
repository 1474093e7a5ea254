extension EventDocument {
    /// The same event with the counters of `stock`: zero for ticket types that it does not name.
    ///
    /// For those who have an event from the change feed, whose counters tell nothing of sales.
    package func with(_ stock: EventStock) -> EventDocument {
        let types = ticketTypes.map { type in
            type.with(stock.ticketTypes[type.id] ?? TicketTypeStock(total: 0, reserved: 0, sold: 0))
        }
        return EventDocument(
            id: id, title: title, description: description, artist: artist, venue: venue, venueAddress: venueAddress,
            city: city, category: category, eventDate: eventDate, endDate: endDate, status: status, isActive: isActive,
            ownerId: ownerId, reserveOn: reserveOn, maxPerOrder: maxPerOrder,
            totalCapacity: types.reduce(0) { $0 + $1.totalQuantity },
            availableCapacity: types.reduce(0) { $0 + $1.availableCount }, waitingRoom: waitingRoom, version: version,
            ticketTypes: types, createdAt: createdAt, updatedAt: updatedAt)
    }
}

extension TicketTypeDocument {
    /// The same ticket type with the counters of `stock`.
    fileprivate func with(_ stock: TicketTypeStock) -> TicketTypeDocument {
        TicketTypeDocument(
            id: id, eventId: eventId, name: name, description: description, price: price, currency: currency,
            stock: stock, saleStartsAt: saleStartsAt, saleEndsAt: saleEndsAt, isActive: isActive, seating: seating,
            createdAt: createdAt, updatedAt: updatedAt)
    }
}

extension EventStock {
    /// Whether nothing of the event is left.
    package var isSoldOut: Bool { ticketTypes.values.allSatisfy { $0.available <= 0 } }
}
