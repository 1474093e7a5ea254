import Contracts
import DatabaseKit
import ServiceKit

/// Reads and writes whole events inside a transaction that somebody else began.
enum EventRows {
    /// Up to `ids.count` events in the order of `ids`, whatever state they are in; unknown ones are left out.
    static func events(_ ids: [String], _ session: any SQLSession) throws -> [Event] {
        guard !ids.isEmpty else { return [] }
        let list = SQLIDList(ids)
        let rows = try session.query(
            "SELECT * FROM events WHERE id IN (\(list.placeholders))", list.parameters)
        var types: [String: [TicketType]] = [:]
        for row in try session.query(
            "SELECT * FROM ticket_types WHERE event_id IN (\(list.placeholders)) ORDER BY event_id, position",
            list.parameters)
        {
            types[try row.string("event_id"), default: []].append(try ticketType(row))
        }
        var events: [String: Event] = [:]
        for row in rows {
            let id = try row.string("id")
            events[id] = try event(row, types[id] ?? [])
        }
        return ids.compactMap { events[$0] }
    }

    static func plan(of eventID: String, _ session: any SQLSession) throws -> SeatPlan {
        var plan: SeatPlan = [:]
        for row in try session.query(
            "SELECT * FROM seat_sections WHERE event_id = $1 ORDER BY ticket_type_id, position", eventID)
        {
            plan[try row.string("ticket_type_id"), default: []].append(
                SeatSection(
                    name: try row.string("name"), rows: try row.int("seat_rows"),
                    seatsPerRow: try row.int("seats_per_row")))
        }
        return plan
    }

    /// Stores a new event as `making`.
    static func insert(
        _ event: Event, _ plan: SeatPlan, creationKey: String?, pushDueAt: Timestamp, _ session: any SQLSession
    ) throws {
        let details = event.details
        try session.execute(
            """
            INSERT INTO events (
                id, owner_id, title, description, artist, venue, venue_address, city, city_key, category, category_key,
                event_date, end_date, ends_at, status, is_deleted, reserve_on, max_per_order, waiting_room, version,
                created_at, updated_at, state, creation_key, stock_version, push_due_at, push_attempts, sequence)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, 'making', $23, 0, $24, 0, NULL)
            """,
            event.id, event.ownerID, details.title, details.description, details.artist, details.venue,
            details.venueAddress, details.city, details.city.map(filterKey), details.category,
            details.category.map(filterKey), details.eventDate, details.endDate,
            details.endsAt, event.storedStatus.rawValue, event.isDeleted, details.reserveOn.rawValue,
            details.maxPerOrder, event.waitingRoom, event.version, event.createdAt,
            event.updatedAt, creationKey, pushDueAt)
        for (position, type) in event.ticketTypes.enumerated() {
            try insert(type, position, of: event.id, session)
            for (place, section) in (plan[type.id] ?? []).enumerated() {
                try session.execute(
                    """
                    INSERT INTO seat_sections (event_id, ticket_type_id, position, name, seat_rows, seats_per_row)
                    VALUES ($1, $2, $3, $4, $5, $6)
                    """,
                    event.id, type.id, place, section.name, section.rows, section.seatsPerRow)
            }
        }
    }

    static func delete(_ eventID: String, _ session: any SQLSession) throws {
        try session.execute("DELETE FROM seat_sections WHERE event_id = $1", eventID)
        try session.execute("DELETE FROM ticket_types WHERE event_id = $1", eventID)
        try session.execute("DELETE FROM events WHERE id = $1", eventID)
    }

    /// The form of a city or category in which filters compare it: case does not matter.
    static func filterKey(_ text: String) -> String { text.lowercased() }

    private static func insert(
        _ type: TicketType, _ position: Int, of eventID: String, _ session: any SQLSession
    ) throws {
        try session.execute(
            """
            INSERT INTO ticket_types (
                event_id, position, id, name, description, price_minor, currency, seating, capacity, sale_starts_at,
                sale_ends_at, is_active, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            eventID, position, type.id, type.name, type.description, type.price.minorUnits, type.price.currency.code,
            type.seating.rawValue, type.capacity, type.saleStartsAt, type.saleEndsAt,
            type.isActive, type.createdAt, type.updatedAt)
    }

    private static func event(_ row: SQLRow, _ types: [TicketType]) throws -> Event {
        Event(
            id: try row.string("id"), ownerID: try row.string("owner_id"),
            details: EventDetails(
                title: try row.string("title"), description: try row.optionalString("description"),
                artist: try row.optionalString("artist"), venue: try row.string("venue"),
                venueAddress: try row.optionalString("venue_address"), city: try row.optionalString("city"),
                category: try row.optionalString("category"), eventDate: try row.timestamp("event_date"),
                endDate: try row.optionalTimestamp("end_date"), reserveOn: try row.choice("reserve_on"),
                maxPerOrder: try row.int("max_per_order")),
            storedStatus: try row.choice("status"), isDeleted: try row.bool("is_deleted"),
            waitingRoom: try row.bool("waiting_room"), version: try row.int64("version"), ticketTypes: types,
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"))
    }

    private static func ticketType(_ row: SQLRow) throws -> TicketType {
        let code = try row.string("currency")
        guard let currency = Currency(code: code) else {
            throw DatabaseError(.decoding, "column \"currency\" holds no known currency")
        }
        return TicketType(
            id: try row.string("id"), name: try row.string("name"), description: try row.optionalString("description"),
            price: Money(minorUnits: try row.int64("price_minor"), currency: currency),
            seating: try row.choice("seating"), capacity: try row.int("capacity"),
            saleStartsAt: try row.optionalTimestamp("sale_starts_at"),
            saleEndsAt: try row.optionalTimestamp("sale_ends_at"), isActive: try row.bool("is_active"),
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"))
    }
}
