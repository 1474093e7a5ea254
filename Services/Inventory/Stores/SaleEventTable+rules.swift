import Contracts
import DatabaseKit
import ServiceKit

extension SaleEventTable {
    /// Stores an event's rules if they are newer than what is stored; whether they were.
    static func upsert(_ rules: EventRules, in session: any SQLSession) throws -> Bool {
        try session.execute(
            """
            INSERT INTO events (event_id, owner_id, rules_version, status, is_active, event_date, max_per_order)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (event_id) DO UPDATE SET owner_id = excluded.owner_id, \
            rules_version = excluded.rules_version, status = excluded.status, is_active = excluded.is_active, \
            event_date = excluded.event_date, max_per_order = excluded.max_per_order
            WHERE events.rules_version < excluded.rules_version
            """, rules.eventId, rules.ownerId, rules.version, rules.status.rawValue, rules.isActive, rules.eventDate,
            rules.maxPerOrder) == 1
    }

    /// Stores a ticket type; its counters stay what they are.
    static func upsert(
        _ type: EventRules.TicketType, at position: Int, of eventID: String, in session: any SQLSession
    ) throws {
        try session.execute(
            """
            INSERT INTO ticket_types (event_id, ticket_type_id, position, name, price_minor_units, currency, seating, \
            sale_starts_at, sale_ends_at, is_active, total)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (event_id, ticket_type_id) DO UPDATE SET position = excluded.position, name = excluded.name, \
            price_minor_units = excluded.price_minor_units, currency = excluded.currency, \
            sale_starts_at = excluded.sale_starts_at, sale_ends_at = excluded.sale_ends_at, \
            is_active = excluded.is_active, total = excluded.total
            """, eventID, type.ticketTypeId, position, type.name, type.priceMinorUnits, type.currency,
            type.seating.rawValue, type.saleStartsAt, type.saleEndsAt, type.isActive, type.capacity)
    }
}
