import Contracts
import DatabaseKit
import ServiceKit

/// The SQL on events and ticket types, within a caller's transaction.
enum SaleEventTable {
    /// An event with its ticket types in the organizer's order.
    static func find(_ eventID: String, in session: any SQLSession) throws -> SaleEvent? {
        let rows = try session.query(
            """
            SELECT e.owner_id, e.rules_version, e.status, e.is_active AS event_is_active, e.event_date, \
            e.end_date, e.max_per_order, e.reserve_on, e.stock_version, t.ticket_type_id, t.name, t.price_minor_units, t.currency, t.seating, \
            t.sale_starts_at, t.sale_ends_at, t.is_active, t.total, t.reserved, t.sold, t.blocked
            FROM events e JOIN ticket_types t ON t.event_id = e.event_id
            WHERE e.event_id = $1 ORDER BY t.position
            """, eventID)
        guard let first = rows.first else { return nil }
        return SaleEvent(
            id: eventID, ownerID: try first.string("owner_id"), rulesVersion: try first.int64("rules_version"),
            status: try first.choice("status"), isActive: try first.bool("event_is_active"),
            eventDate: try first.timestamp("event_date"), endDate: try first.optionalTimestamp("end_date"),
            maxPerOrder: try first.int("max_per_order"),
            reserveOn: try first.choice("reserve_on"), stockVersion: try first.int64("stock_version"),
            ticketTypes: try rows.map(ticketType))
    }

    /// The event that a ticket type belongs to; nil for an unknown one.
    static func event(ofTicketType typeID: String, in session: any SQLSession) throws -> String? {
        try session.first("SELECT event_id FROM ticket_types WHERE ticket_type_id = $1", typeID)?.string(0)
    }

    /// The version of an event's rules, which rises with every change of them, and how many of its places a user holds at
    /// `now`; nil for an unknown event.
    ///
    /// The range that is one value keeps the indexes of active holds out of it, by which PostgreSQL, while it has no
    /// statistics, reads everybody's holds to find one buyer's.
    static func standing(
        of userID: String, on eventID: String, at now: Timestamp, in session: any SQLSession
    ) throws -> (rulesVersion: Int64, placesHeld: Int)? {
        try session.first(
            """
            SELECT rules_version, (
                SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM reservations
                WHERE user_id = $2 AND status BETWEEN 'Active' AND 'Active' AND event_id = $1 AND ends_at > $3)
            FROM events WHERE event_id = $1
            """, eventID, userID, now
        ).map { (try $0.int64(0), try $0.int(1)) }
    }

    /// The versions of events' rules; unknown events are left out.
    static func rulesVersions(of eventIDs: Set<String>, in session: any SQLSession) throws -> [String: Int64] {
        let ids = SQLList.padded(eventIDs.sorted(), with: "")
        let rows = try session.query(
            "SELECT event_id, rules_version FROM events WHERE event_id IN (\(SQLList.parameters(ids.count)))", ids)
        return try Dictionary(rows.map { (try $0.string(0), try $0.int64(1)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The counters of events, with what is past its deadline at `now` counted as free.
    static func stock(of eventIDs: [String], at now: Timestamp, in session: any SQLSession) throws -> [EventStock] {
        let rows = try session.query(
            """
            SELECT e.event_id, e.stock_version, t.ticket_type_id, t.total, t.reserved, t.sold, t.blocked
            FROM events e JOIN ticket_types t ON t.event_id = e.event_id
            WHERE e.event_id IN (\(SQLList.parameters(eventIDs.count)))
            """, eventIDs)
        let stale = try stalePlaces(of: eventIDs, at: now, in: session)
        var versions: [String: Int64] = [:]
        var types: [String: [String: TicketTypeStock]] = [:]
        for row in rows {
            let eventID = try row.string("event_id")
            let typeID = try row.string("ticket_type_id")
            versions[eventID] = try row.int64("stock_version")
            let ended = stale[eventID]?[typeID] ?? 0
            types[eventID, default: [:]][typeID] = TicketTypeStock(
                total: try row.int("total"), reserved: try row.int("reserved") - ended, sold: try row.int("sold"),
                blocked: try row.int("blocked"))
        }
        return eventIDs.compactMap { id in
            versions[id].map { EventStock(eventId: id, version: $0, ticketTypes: types[id, default: [:]]) }
        }
    }

    /// The counters of those events that changed since the version known of each.
    ///
    /// An event with a hold that ended and was not swept yet is always told: its free places grow with the clock.
    static func report(since known: [String: Int64], at now: Timestamp, in session: any SQLSession) throws
        -> StockReport
    {
        let ids = known.keys.sorted()
        let stale = try stalePlaces(of: ids, at: now, in: session)
        let current = try session.query(
            "SELECT event_id, stock_version FROM events WHERE event_id IN (\(SQLList.parameters(ids.count)))", ids)
        var unchanged: [String] = []
        var changed: [String] = []
        for row in current {
            let id = try row.string("event_id")
            let isKnown = try row.int64("stock_version") == known[id] && stale[id] == nil
            if isKnown { unchanged.append(id) } else { changed.append(id) }
        }
        let stock = changed.isEmpty ? [] : try Self.stock(of: changed, at: now, in: session)
        return StockReport(changed: stock, unchanged: unchanged)
    }

    /// Adds `reserved` and `sold` to a ticket type's counters; false when too few places are left.
    static func move(
        reserved: Int, sold: Int, of typeID: String, in eventID: String, session: any SQLSession
    ) throws -> Bool {
        try session.execute(moveStatement, eventID, typeID, reserved, sold) == 1
    }

    /// Adds `reserved` and `sold` to the counters of a ticket type that must have room for it, or throws `failure`.
    static func move(
        reserved: Int, sold: Int, of typeID: String, in eventID: String, orThrow failure: any Error,
        session: any SQLSession
    ) throws {
        try session.demand(rows: 1, orThrow: failure, moveStatement, eventID, typeID, reserved, sold)
    }

    private static let moveStatement = """
        UPDATE ticket_types SET reserved = reserved + $3, sold = sold + $4
        WHERE event_id = $1 AND ticket_type_id = $2 AND reserved + sold + blocked + $3 + $4 <= total
        """

    /// Moves the event's stock version forward, as every change of its stock does; who follows the event is told of it
    /// once it is stored.
    static func touch(_ eventID: String, in session: any SQLSession) throws {
        try session.demand(
            rows: 1, "UPDATE events SET stock_version = stock_version + 1 WHERE event_id = $1", eventID)
        session.announce(eventID)
    }

    /// The stock versions of events; unknown ones are left out.
    static func stockVersions(of eventIDs: [String], in session: any SQLSession) throws -> [String: Int64] {
        let rows = try session.query(
            "SELECT event_id, stock_version FROM events WHERE event_id IN (\(SQLList.parameters(eventIDs.count)))",
            eventIDs)
        return try Dictionary(rows.map { (try $0.string(0), try $0.int64(1)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The next epoch of the event's fencing tokens, stored before anyone uses it; nil for an unknown event.
    static func raiseFenceEpoch(_ eventID: String, in session: any SQLSession) throws -> Int64? {
        try session.first(
            "UPDATE events SET fence_epoch = fence_epoch + 1 WHERE event_id = $1 RETURNING fence_epoch", eventID
        )?.int64("fence_epoch")
    }

    /// Places by event and ticket type in holds that ended but were not swept yet.
    static func stalePlaces(
        of eventIDs: [String], at now: Timestamp, in session: any SQLSession
    ) throws -> [String: [String: Int]] {
        let rows = try session.query(
            "SELECT event_id, lines FROM reservations WHERE status = 'Active' AND ends_at <= $1", now)
        let wanted = Set(eventIDs)
        var places: [String: [String: Int]] = [:]
        for row in rows {
            let eventID = try row.string("event_id")
            guard wanted.contains(eventID) else { continue }
            for line in try ReservationLines.decode(try row.string("lines")) {
                places[eventID, default: [:]][line.ticketTypeID, default: 0] += line.quantity
            }
        }
        return places
    }

    private static func ticketType(_ row: SQLRow) throws -> SaleTicketType {
        return SaleTicketType(
            id: try row.string("ticket_type_id"), name: try row.string("name"),
            price: Money(minorUnits: try row.int64("price_minor_units"), currency: try row.currency("currency")),
            seating: try row.choice("seating"), saleStartsAt: try row.optionalTimestamp("sale_starts_at"),
            saleEndsAt: try row.optionalTimestamp("sale_ends_at"), isActive: try row.bool("is_active"),
            stock: TicketTypeStock(
                total: try row.int("total"), reserved: try row.int("reserved"), sold: try row.int("sold"),
                blocked: try row.int("blocked")))
    }
}
