import Contracts

/// An event's stock as everyone may see it at one moment.
struct AvailabilityState: Sendable, Hashable {
    /// With the counters as they are stored.
    let event: SaleEvent
    /// Places by ticket type in holds that are past their end and still in the counters: they show as free.
    let ended: [String: Int]
    let document: AvailabilityDocument

    init(_ event: SaleEvent, ended: [String: Int], at now: Timestamp) {
        self.event = event
        self.ended = ended
        let status = event.status(at: now)
        document = AvailabilityDocument(
            eventId: event.id, status: status, isActive: event.isActive && status == .active,
            version: event.stockVersion,
            ticketTypes: event.ticketTypes.map { type in
                let stock = TicketTypeStock(
                    total: type.stock.total, reserved: type.stock.reserved - ended[type.id, default: 0],
                    sold: type.stock.sold, blocked: type.stock.blocked)
                return AvailabilityDocument.TicketType(
                    ticketTypeId: type.id, name: type.name, price: type.price.amount,
                    currency: type.price.currency.code, stock: stock)
            })
    }

    var version: Int64 { event.stockVersion }
}
