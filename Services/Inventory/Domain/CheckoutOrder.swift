/// What a buyer's checkout of an event asks for, by the names of ticket types.
struct CheckoutOrder: Sendable, Hashable {
    struct Item: Sendable, Hashable {
        /// The name of a ticket type.
        let tier: String
        let quantity: Int
    }

    let eventID: String
    let userID: String
    let items: [Item]

    var quantity: Int { items.reduce(0) { $0 + $1.quantity } }

    /// The same by the ids of `event`'s ticket types.
    ///
    /// - Throws: ``ReservationRefusal/ticketTypesUnknown(_:)`` with the names it does not have
    func items(of event: SaleEvent) throws(ReservationRefusal) -> [ReservationOrder.Item] {
        let ids = Dictionary(event.ticketTypes.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
        let unknown = items.map(\.tier).filter { ids[$0] == nil }
        guard unknown.isEmpty else { throw .ticketTypesUnknown(unknown) }
        return items.compactMap { item in
            ids[item.tier].map { ReservationOrder.Item(ticketTypeID: $0, quantity: item.quantity) }
        }
    }
}
