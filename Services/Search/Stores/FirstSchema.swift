/// The first schema of the search database, on SQLite alone: applied on the way to the present one, and dropped by it.
enum FirstSchema {
    /// `documents` has what filters and orders need and stays narrow: a search reads one of its rows for each match.
    static let documents = [
        """
        CREATE TABLE documents (
            docid INTEGER NOT NULL PRIMARY KEY,
            event_id TEXT NOT NULL UNIQUE,
            version BIGINT NOT NULL,
            city TEXT NOT NULL,
            category TEXT NOT NULL,
            city_key TEXT NOT NULL,
            category_key TEXT NOT NULL,
            event_date BIGINT NOT NULL,
            ends_at BIGINT NOT NULL,
            min_price BIGINT NOT NULL,
            is_listed BIGINT NOT NULL CHECK (is_listed IN (0, 1))
        )
        """,
        "CREATE INDEX documents_by_date ON documents (event_date, docid) WHERE is_listed = 1",
        """
        CREATE INDEX documents_by_facet ON documents (city_key, category_key, ends_at, city, category)
        WHERE is_listed = 1
        """,
        """
        CREATE TABLE prices (
            docid BIGINT NOT NULL REFERENCES documents (docid),
            price BIGINT NOT NULL,
            PRIMARY KEY (docid, price)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE feed_cursor (id BIGINT NOT NULL PRIMARY KEY, sequence BIGINT NOT NULL)",
        "INSERT INTO feed_cursor (id, sequence) VALUES (1, 0)",
    ]

    /// The full-text table keeps no copy of its texts; `terms` has every word that was ever indexed, `term_trigrams`
    /// finds those that look alike.
    static let fullText = [
        """
        CREATE TABLE texts (
            docid INTEGER NOT NULL PRIMARY KEY REFERENCES documents (docid),
            title TEXT NOT NULL,
            artist TEXT NOT NULL,
            venue TEXT NOT NULL,
            city TEXT NOT NULL,
            category TEXT NOT NULL,
            description TEXT NOT NULL
        )
        """,
        """
        CREATE VIRTUAL TABLE event_texts USING fts5(
            title, artist, venue, city, category, description, content='texts', content_rowid='docid',
            tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')
        """,
        "CREATE TRIGGER texts_inserted AFTER INSERT ON texts BEGIN \(index) END",
        "CREATE TRIGGER texts_updated AFTER UPDATE ON texts BEGIN \(forget) \(index) END",
        "CREATE TRIGGER texts_deleted AFTER DELETE ON texts BEGIN \(forget) END",
        "CREATE VIRTUAL TABLE event_words USING fts5vocab('event_texts', 'row')",
        "CREATE TABLE terms (id INTEGER NOT NULL PRIMARY KEY, term TEXT NOT NULL UNIQUE)",
        "CREATE VIRTUAL TABLE term_trigrams USING fts5(term, content='', tokenize='trigram')",
    ]

    private static let index = """
        INSERT INTO event_texts (rowid, title, artist, venue, city, category, description)
        VALUES (new.docid, new.title, new.artist, new.venue, new.city, new.category, new.description);
        """

    /// FTS5 has to be told the old texts, for it has no copy of them.
    private static let forget = """
        INSERT INTO event_texts (event_texts, rowid, title, artist, venue, city, category, description)
        VALUES ('delete', old.docid, old.title, old.artist, old.venue, old.city, old.category, old.description);
        """

    static let drop = [
        "DROP TABLE event_words", "DROP TABLE term_trigrams", "DROP TABLE terms", "DROP TABLE event_texts",
        "DROP TABLE texts", "DROP TABLE prices", "DROP TABLE documents", "DROP TABLE feed_cursor",
    ]
}
