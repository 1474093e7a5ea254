/// An event under the names that concert sites use: all its fields, with `name`, `date` and `tiers` besides.
package struct ConcertDocument: Sendable, Hashable, Codable {
    /// A ticket type with its name as `tier` besides.
    package struct Tier: Sendable, Hashable, Codable {
        package let ticketType: TicketTypeDocument

        private enum CodingKeys: String, CodingKey {
            case tier
        }

        init(_ ticketType: TicketTypeDocument) {
            self.ticketType = ticketType
        }

        package init(from decoder: any Decoder) throws {
            ticketType = try TicketTypeDocument(from: decoder)
        }

        package func encode(to encoder: any Encoder) throws {
            try ticketType.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(ticketType.name, forKey: .tier)
        }
    }

    package let event: EventDocument

    package var tiers: [Tier] { event.ticketTypes.map(Tier.init) }

    private enum CodingKeys: String, CodingKey {
        case name, date, tiers
    }

    package init(event: EventDocument) {
        self.event = event
    }

    package init(from decoder: any Decoder) throws {
        event = try EventDocument(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(event.title, forKey: .name)
        try container.encode(event.eventDate, forKey: .date)
        try container.encode(tiers, forKey: .tiers)
    }
}
