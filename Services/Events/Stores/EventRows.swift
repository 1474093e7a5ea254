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
                EventRules.Section(
                    name: try row.string("name"), rows: try row.int("seat_rows"),
                    seatsPerRow: try row.int("seats_per_row"), firstOrdinal: try row.int64("first_ordinal")))
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
                created_at, updated_at, state, creation_key, stock_version, push_due_at, push_attempts, sequence,
                rules_version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, 'making', $23, 0, $24, 0, NULL, 1)
            """,
            event.id, event.ownerID, details.title, details.description, details.artist, details.venue,
            details.venueAddress, details.city, details.city.map(filterKey), details.category,
            details.category.map(filterKey), details.eventDate, details.endDate,
            details.endsAt, event.storedStatus.rawValue, event.isDeleted, details.reserveOn.rawValue,
            details.maxPerOrder, event.waitingRoom, event.version, event.createdAt,
            event.updatedAt, creationKey, pushDueAt)
        try insertTypes(of: event, plan, session)
    }

    /// Makes a live event what `event` and `plan` say.
    static func replace(_ event: Event, _ plan: SeatPlan, _ session: any SQLSession) throws {
        let details = event.details
        try session.execute(
            """
            UPDATE events SET title = $2, description = $3, artist = $4, venue = $5, venue_address = $6, city = $7,
                city_key = $8, category = $9, category_key = $10, event_date = $11, end_date = $12, ends_at = $13,
                status = $14, is_deleted = $15, reserve_on = $16, max_per_order = $17, waiting_room = $18,
                version = $19, updated_at = $20
            WHERE id = $1
            """,
            event.id, details.title, details.description, details.artist, details.venue, details.venueAddress,
            details.city, details.city.map(filterKey), details.category, details.category.map(filterKey),
            details.eventDate, details.endDate, details.endsAt, event.storedStatus.rawValue, event.isDeleted,
            details.reserveOn.rawValue, details.maxPerOrder, event.waitingRoom, event.version, event.updatedAt)
        try deleteTypes(of: event.id, session)
        try insertTypes(of: event, plan, session)
    }

    private static func insertTypes(of event: Event, _ plan: SeatPlan, _ session: any SQLSession) throws {
        for (position, type) in event.ticketTypes.enumerated() {
            try insert(type, position, of: event.id, session)
            for (place, section) in (plan[type.id] ?? []).enumerated() {
                try session.execute(
                    """
                    INSERT INTO seat_sections (
                        event_id, ticket_type_id, position, name, seat_rows, seats_per_row, first_ordinal)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)
                    """,
                    event.id, type.id, place, section.name, section.rows, section.seatsPerRow, section.firstOrdinal)
            }
        }
    }

    static func delete(_ eventID: String, _ session: any SQLSession) throws {
        try deleteTypes(of: eventID, session)
        try session.execute("DELETE FROM events WHERE id = $1", eventID)
    }

    private static func deleteTypes(of eventID: String, _ session: any SQLSession) throws {
        try session.execute("DELETE FROM seat_sections WHERE event_id = $1", eventID)
        try session.execute("DELETE FROM ticket_types WHERE event_id = $1", eventID)
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
            storedStatus: try row.choice("status"), hasEnded: try row.optionalTimestamp("ended_at") != nil,
            isDeleted: try row.bool("is_deleted"), waitingRoom: try row.bool("waiting_room"),
            version: try row.int64("version"), ticketTypes: types,
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"))
    }

    private static func ticketType(_ row: SQLRow) throws -> TicketType {
        TicketType(
            id: try row.string("id"), name: try row.string("name"), description: try row.optionalString("description"),
            price: Money(minorUnits: try row.int64("price_minor"), currency: try row.currency("currency")),
            seating: try row.choice("seating"), capacity: try row.int("capacity"),
            saleStartsAt: try row.optionalTimestamp("sale_starts_at"),
            saleEndsAt: try row.optionalTimestamp("sale_ends_at"), isActive: try row.bool("is_active"),
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"))
    }
}
