import DatabaseKit

/// The schema of the search database, which is SQLite's alone: FTS5 is its full-text engine.
enum SearchMigrations {
    static let all = [
        Migration(number: 1, name: "documents", statements: { _ in documents }),
        Migration(number: 2, name: "full text", statements: { _ in fullText }),
    ]

    /// `documents` has what filters, orders and the full-text table need; the latter keeps no copy of the texts.
    private static let documents = [
        """
        CREATE TABLE documents (
            docid INTEGER NOT NULL PRIMARY KEY,
            event_id TEXT NOT NULL UNIQUE,
            version BIGINT NOT NULL,
            title TEXT NOT NULL,
            artist TEXT NOT NULL,
            venue TEXT NOT NULL,
            city TEXT NOT NULL,
            category TEXT NOT NULL,
            description TEXT NOT NULL,
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
        CREATE TABLE prices (
            docid BIGINT NOT NULL REFERENCES documents (docid),
            price BIGINT NOT NULL,
            PRIMARY KEY (docid, price)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE feed_cursor (id BIGINT NOT NULL PRIMARY KEY, sequence BIGINT NOT NULL)",
        "INSERT INTO feed_cursor (id, sequence) VALUES (1, 0)",
    ]

    /// `terms` has every word that was ever indexed, `term_trigrams` finds those that look alike.
    private static let fullText = [
        """
        CREATE VIRTUAL TABLE event_texts USING fts5(
            title, artist, venue, city, category, description, content='documents', content_rowid='docid',
            tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')
        """,
        """
        CREATE TRIGGER documents_inserted AFTER INSERT ON documents BEGIN
            INSERT INTO event_texts (rowid, title, artist, venue, city, category, description)
            VALUES (new.docid, new.title, new.artist, new.venue, new.city, new.category, new.description);
        END
        """,
        """
        CREATE TRIGGER documents_updated AFTER UPDATE ON documents BEGIN
            INSERT INTO event_texts (event_texts, rowid, title, artist, venue, city, category, description)
            VALUES ('delete', old.docid, old.title, old.artist, old.venue, old.city, old.category, old.description);
            INSERT INTO event_texts (rowid, title, artist, venue, city, category, description)
            VALUES (new.docid, new.title, new.artist, new.venue, new.city, new.category, new.description);
        END
        """,
        """
        CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN
            INSERT INTO event_texts (event_texts, rowid, title, artist, venue, city, category, description)
            VALUES ('delete', old.docid, old.title, old.artist, old.venue, old.city, old.category, old.description);
        END
        """,
        "CREATE VIRTUAL TABLE event_words USING fts5vocab('event_texts', 'row')",
        "CREATE TABLE terms (id INTEGER NOT NULL PRIMARY KEY, term TEXT NOT NULL UNIQUE)",
        "CREATE VIRTUAL TABLE term_trigrams USING fts5(term, content='', tokenize='trigram')",
    ]
}
