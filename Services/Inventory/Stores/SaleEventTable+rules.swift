import Contracts
import DatabaseKit
import Foundation
import ServiceKit

extension SaleEventTable {
    /// What was decided about `version` of an event's rules; nil when it is newer than all that was decided about.
    static func decision(on version: Int64, of eventID: String, in session: any SQLSession) throws -> RulesDecision? {
        guard
            let row = try session.first(
                "SELECT rules_version, rules_decision FROM events WHERE event_id = $1", eventID)
        else { return nil }
        let decided = try row.int64("rules_version")
        if decided < version { return nil }
        if decided > version { return RulesDecision(.superseded) }
        guard let text = try row.optionalString("rules_decision") else { return RulesDecision(.applied) }
        return try WireJSON.decoder.decode(RulesDecision.self, from: Data(text.utf8))
    }

    static func isKnown(_ eventID: String, in session: any SQLSession) throws -> Bool {
        try session.first("SELECT 1 FROM events WHERE event_id = $1", eventID) != nil
    }

    /// Stores that `version` was decided about and changes nothing else.
    static func settle(
        _ version: Int64, of eventID: String, _ decision: RulesDecision, in session: any SQLSession
    ) throws {
        try session.execute(
            "UPDATE events SET rules_version = $2, rules_decision = $3 WHERE event_id = $1", eventID, version,
            try text(decision))
    }

    /// Stores an event's rules, which are newer than what is stored.
    static func upsert(_ rules: EventRules, _ decision: RulesDecision, in session: any SQLSession) throws {
        try session.execute(
            """
            INSERT INTO events (event_id, owner_id, rules_version, rules_decision, status, is_active, event_date, \
            end_date, max_per_order, reserve_on)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (event_id) DO UPDATE SET owner_id = excluded.owner_id, \
            rules_version = excluded.rules_version, rules_decision = excluded.rules_decision, \
            status = excluded.status, is_active = excluded.is_active, event_date = excluded.event_date, \
            end_date = excluded.end_date, max_per_order = excluded.max_per_order, reserve_on = excluded.reserve_on
            """, rules.eventId, rules.ownerId, rules.version, try text(decision), rules.status.rawValue,
            rules.isActive, rules.eventDate, rules.endDate, rules.maxPerOrder, rules.reserveOn.rawValue)
    }

    /// Ends the sale of an event; one that inventory never heard of is noted, so that its rules cannot come later.
    static func close(
        _ eventID: String, version: Int64, _ decision: RulesDecision, in session: any SQLSession
    ) throws {
        try session.execute(
            """
            INSERT INTO events (event_id, owner_id, rules_version, rules_decision, status, is_active, event_date, \
            max_per_order)
            VALUES ($1, '', $2, $3, 'Cancelled', 0, 0, 1)
            ON CONFLICT (event_id) DO UPDATE SET rules_version = excluded.rules_version, \
            rules_decision = excluded.rules_decision, is_active = 0, stock_version = events.stock_version + 1
            """, eventID, version, try text(decision))
        session.announce(eventID)
    }

    /// Whether places of the event are reserved or sold.
    static func isInUse(_ eventID: String, in session: any SQLSession) throws -> Bool {
        try session.first(
            "SELECT 1 FROM ticket_types WHERE event_id = $1 AND reserved + sold > 0 LIMIT 1", eventID) != nil
    }

    /// What has no ticket types is no event that anyone can find.
    static func forgetTypes(of eventID: String, in session: any SQLSession) throws {
        try session.execute("DELETE FROM ticket_types WHERE event_id = $1", eventID)
        try session.execute("DELETE FROM seat_sections WHERE event_id = $1", eventID)
        try FreedRowTable.delete(of: eventID, in: session)
    }

    static func delete(_ typeID: String, of eventID: String, in session: any SQLSession) throws {
        try session.execute(
            "DELETE FROM ticket_types WHERE event_id = $1 AND ticket_type_id = $2", eventID, typeID)
    }

    static func beginRefunds(of eventID: String, in session: any SQLSession) throws -> Bool {
        try session.execute(
            "UPDATE events SET refunds_began = 1 WHERE event_id = $1 AND status = 'Cancelled'", eventID) == 1
    }

    static func hasBegunRefunds(_ eventID: String, in session: any SQLSession) throws -> Bool {
        try session.first("SELECT refunds_began FROM events WHERE event_id = $1", eventID)?.bool(0) ?? false
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

    private static func text(_ decision: RulesDecision) throws -> String {
        String(decoding: try WireJSON.encoder.encode(decision), as: UTF8.self)
    }
}
