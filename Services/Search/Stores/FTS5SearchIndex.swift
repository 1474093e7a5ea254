import Contracts
import DatabaseKit
import ServiceKit

/// The index on SQLite's FTS5: ranked by BM25 with weights, accents and case ignored, the last word as a beginning,
/// and mistyped words corrected by the index's own vocabulary.
struct FTS5SearchIndex: SearchIndex {
    let database: any Database

    /// A word in the title says more than one in the description: title, artist, venue, city, category, description.
    static let ranking = "bm25(event_texts, 10.0, 8.0, 4.0, 3.0, 3.0, 1.0)"

    func apply(_ events: [IndexedEvent], cursor: Int64) async throws {
        try await database.write { session in
            for event in events { try Self.store(event, session) }
            try session.execute("UPDATE feed_cursor SET sequence = $1 WHERE id = 1", cursor)
        }
    }

    func cursor() async throws -> Int64 {
        try await database.read { session in
            try session.query("SELECT sequence FROM feed_cursor WHERE id = 1").first?.int64(0) ?? 0
        }
    }

    func clear() async throws {
        try await database.write { session in
            try session.execute("DELETE FROM prices")
            try session.execute("DELETE FROM texts")
            try session.execute("DELETE FROM documents")
            try Vocabulary.clear(session)
            try session.execute("UPDATE feed_cursor SET sequence = 0 WHERE id = 1")
        }
    }

    private static func store(_ event: IndexedEvent, _ session: any SQLSession) throws {
        let stored = try session.query(
            """
            INSERT INTO documents (
                event_id, version, city, category, city_key, category_key, event_date, ends_at, min_price, is_listed)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (event_id) DO UPDATE SET
                version = excluded.version, city = excluded.city, category = excluded.category,
                city_key = excluded.city_key, category_key = excluded.category_key, event_date = excluded.event_date,
                ends_at = excluded.ends_at, min_price = excluded.min_price, is_listed = excluded.is_listed
            WHERE documents.version < excluded.version
            RETURNING docid
            """,
            event.id, event.version, event.city, event.category, IndexedEvent.filterKey(event.city),
            IndexedEvent.filterKey(event.category), event.eventDate, event.endsAt,
            event.prices.first?.thousandths ?? 0, event.isListed)
        guard let docid = try stored.first?.int64(0) else { return }
        try session.execute(
            """
            INSERT INTO texts (docid, title, artist, venue, city, category, description)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (docid) DO UPDATE SET
                title = excluded.title, artist = excluded.artist, venue = excluded.venue, city = excluded.city,
                category = excluded.category, description = excluded.description
            """,
            docid, event.title, event.artist, event.venue, event.city, event.category, event.description)
        try session.execute("DELETE FROM prices WHERE docid = $1", docid)
        for price in event.prices {
            try session.execute("INSERT INTO prices (docid, price) VALUES ($1, $2)", docid, price.thousandths)
        }
        try Vocabulary.add(event.texts, session)
    }
}
