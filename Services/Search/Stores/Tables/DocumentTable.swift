import Contracts
import DatabaseKit
import ServiceKit

/// A copy's events apart from their words: the part of an index that SQLite and PostgreSQL share.
struct DocumentTable {
    let tables: CopyTables

    /// An event as it was stored before a change.
    struct Stored {
        let serial: Int64
        let groupID: Int64
        let version: Int64
        /// Whether its words are in the full-text index.
        let isListed: Bool
    }

    /// The statements that make a copy's tables.
    static func schema(_ tables: CopyTables, _ dialect: SQLDialect) -> [String] {
        let serial =
            dialect == .sqlite
            ? "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" : "BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY"
        return [
            """
            CREATE TABLE \(tables.groups) (
                id \(serial),
                city_key TEXT NOT NULL,
                category_key TEXT NOT NULL,
                city TEXT NOT NULL,
                category TEXT NOT NULL,
                UNIQUE (city_key, category_key)
            )
            """,
            """
            CREATE TABLE \(tables.documents) (
                serial \(serial),
                event_id TEXT NOT NULL UNIQUE,
                version BIGINT NOT NULL,
                group_id BIGINT NOT NULL,
                event_date BIGINT NOT NULL,
                ends_at BIGINT NOT NULL,
                min_price BIGINT NOT NULL,
                is_listed BIGINT NOT NULL CHECK (is_listed IN (0, 1)),
                is_sold_out BIGINT NOT NULL CHECK (is_sold_out IN (0, 1))
            )
            """,
            """
            CREATE INDEX \(tables.documents)_by_date ON \(tables.documents) (event_date, serial) WHERE is_listed = 1
            """,
            "CREATE INDEX \(tables.documents)_by_end ON \(tables.documents) (ends_at, group_id) WHERE is_listed = 1",
            "CREATE INDEX \(tables.documents)_sold_out ON \(tables.documents) (event_id) WHERE is_sold_out = 1",
            "CREATE TABLE sources_\(tables.slot) (serial BIGINT NOT NULL PRIMARY KEY, document TEXT NOT NULL)",
            """
            CREATE TABLE \(tables.prices) (
                serial BIGINT NOT NULL, price BIGINT NOT NULL, PRIMARY KEY (serial, price)
            ) \(dialect.keyOrdered)
            """,
        ]
    }

    /// What takes the place of a copy's sources: on SQLite a row is found by its own number, without another index.
    static func cardSchema(_ tables: CopyTables, _ dialect: SQLDialect) -> [String] {
        let serial = dialect == .sqlite ? "INTEGER" : "BIGINT"
        return [
            "DROP TABLE sources_\(tables.slot)",
            "CREATE TABLE \(tables.cards) (serial \(serial) NOT NULL PRIMARY KEY, card TEXT NOT NULL)",
        ]
    }

    func stored(_ eventID: String, _ session: any SQLSession) throws -> Stored? {
        let row = try session.first(
            "SELECT serial, group_id, version, is_listed FROM \(tables.documents) WHERE event_id = $1", eventID)
        return try row.map {
            Stored(
                serial: try $0.int64(0), groupID: try $0.int64(1), version: try $0.int64(2),
                isListed: try $0.bool(3))
        }
    }

    /// Stores `event` in the place of what was stored of it before.
    func put(_ event: IndexedEvent, _ session: any SQLSession) throws -> Stored {
        let groupID = try group(of: event, session)
        let row = try session.first(
            """
            INSERT INTO \(tables.documents) (
                event_id, version, group_id, event_date, ends_at, min_price, is_listed, is_sold_out)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
            ON CONFLICT (event_id) DO UPDATE SET
                version = excluded.version, group_id = excluded.group_id, event_date = excluded.event_date,
                ends_at = excluded.ends_at, min_price = excluded.min_price, is_listed = excluded.is_listed
            RETURNING serial
            """,
            event.id, event.version, groupID, event.eventDate, event.endsAt, event.prices.first?.thousandths ?? 0,
            event.isListed)
        guard let serial = try row?.int64(0) else { throw DatabaseError(.sql, "an upsert returned no row") }
        try session.execute(
            """
            INSERT INTO \(tables.cards) (serial, card) VALUES ($1, $2)
            ON CONFLICT (serial) DO UPDATE SET card = excluded.card
            """, serial, try EventCard(event.document).stored)
        try session.execute("DELETE FROM \(tables.prices) WHERE serial = $1", serial)
        for price in event.prices {
            try session.execute(
                "INSERT INTO \(tables.prices) (serial, price) VALUES ($1, $2)", serial, price.thousandths)
        }
        return Stored(serial: serial, groupID: groupID, version: event.version, isListed: event.isListed)
    }

    /// The events that are stored under `serials`, by these.
    func cards(_ serials: [Int64], _ session: any SQLSession) throws -> [Int64: EventCard] {
        guard !serials.isEmpty else { return [:] }
        // Filled up to one of few lengths, so that few different statements arise.
        let count = Self.listLengths.first { $0 >= serials.count } ?? serials.count
        let filled = serials + Array(repeating: serials[0], count: count - serials.count)
        let places = (1...count).map { "$\($0)" }.joined(separator: ",")
        var cards: [Int64: EventCard] = [:]
        cards.reserveCapacity(serials.count)
        for row in try session.query("SELECT serial, card FROM \(tables.cards) WHERE serial IN (\(places))", filled) {
            guard let card = EventCard(stored: try row.string(1)) else {
                throw DatabaseError(.decoding, "\(tables.cards) has a row that is no card")
            }
            cards[try row.int64(0)] = card
        }
        return cards
    }

    private static let listLengths = [1, 5, 20, 50, 100]

    /// Listed events that are over, the first to end first.
    func ended(at now: Timestamp, limit: Int, _ session: any SQLSession) throws -> [Stored] {
        try session.query(
            """
            SELECT serial, group_id, version FROM \(tables.documents) WHERE is_listed = 1 AND ends_at <= $1
            ORDER BY ends_at LIMIT $2
            """, now, limit
        ).map {
            Stored(serial: try $0.int64(0), groupID: try $0.int64(1), version: try $0.int64(2), isListed: true)
        }
    }

    func unlist(_ serial: Int64, _ session: any SQLSession) throws {
        try session.execute("UPDATE \(tables.documents) SET is_listed = 0 WHERE serial = $1", serial)
    }

    /// Whether any listed event is over, so that a search has to look at each one's end.
    func hasEnded(at now: Timestamp, _ session: any SQLSession) throws -> Bool {
        try session.first(
            "SELECT 1 FROM \(tables.documents) WHERE is_listed = 1 AND ends_at <= $1 LIMIT 1", now) != nil
    }

    /// The group of the event's city and category; the first spelling of each stands for all that filters take for it.
    private func group(of event: IndexedEvent, _ session: any SQLSession) throws -> Int64 {
        let (cityKey, categoryKey) = (IndexedEvent.filterKey(event.city), IndexedEvent.filterKey(event.category))
        let find = "SELECT id FROM \(tables.groups) WHERE city_key = $1 AND category_key = $2"
        if let row = try session.first(find, cityKey, categoryKey) { return try row.int64(0) }
        let city = try session.first("SELECT city FROM \(tables.groups) WHERE city_key = $1 LIMIT 1", cityKey)
        let category = try session.first(
            "SELECT category FROM \(tables.groups) WHERE category_key = $1 LIMIT 1", categoryKey)
        let added = try session.first(
            """
            INSERT INTO \(tables.groups) (city_key, category_key, city, category) VALUES ($1, $2, $3, $4)
            RETURNING id
            """, cityKey, categoryKey, try city?.string(0) ?? event.city, try category?.string(0) ?? event.category)
        guard let id = try added?.int64(0) else { throw DatabaseError(.sql, "an insert returned no row") }
        return id
    }
}
