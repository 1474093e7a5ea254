/// The counters of one event.
package struct EventStock: Sendable, Hashable, Codable {
    package let eventId: String
    /// Rises with every change of the event's stock.
    package let version: Int64
    package let ticketTypes: [String: TicketTypeStock]

    package init(eventId: String, version: Int64, ticketTypes: [String: TicketTypeStock]) {
        self.eventId = eventId
        self.version = version
        self.ticketTypes = ticketTypes
    }
}

/// The counters of events, as far as they are not known yet: `GET /internal/availability?ids=a,b&known=7,0`.
///
/// `known` has the version that the asker has of each event, 0 for none. Events that inventory does not know are in
/// neither list.
package struct StockReport: Sendable, Hashable, Codable {
    /// Events whose counters the asker does not have.
    package let changed: [EventStock]
    /// Ids of events whose counters are still those of the version that the asker named.
    package let unchanged: [String]

    package init(changed: [EventStock], unchanged: [String]) {
        self.changed = changed
        self.unchanged = unchanged
    }
}
