/// What is left of an event under the names that concert sites use: `tiers` besides `ticketTypes`.
package struct ConcertAvailabilityDocument: Sendable, Hashable, Encodable {
    /// A ticket type's counters with its name as `tier` besides.
    package struct Tier: Sendable, Hashable, Encodable {
        package let ticketType: AvailabilityDocument.TicketType

        private enum CodingKeys: String, CodingKey {
            case tier
        }

        package func encode(to encoder: any Encoder) throws {
            try ticketType.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(ticketType.name, forKey: .tier)
        }
    }

    package let availability: AvailabilityDocument

    private enum CodingKeys: String, CodingKey {
        case tiers
    }

    package init(_ availability: AvailabilityDocument) {
        self.availability = availability
    }

    package func encode(to encoder: any Encoder) throws {
        try availability.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(availability.ticketTypes.map(Tier.init), forKey: .tiers)
    }
}
