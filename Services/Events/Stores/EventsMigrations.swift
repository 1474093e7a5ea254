import DatabaseKit
import ServiceKit

/// The schema of the events database.
enum EventsMigrations {
    static let all = [
        Migration(number: 1, name: "events", statements: events),
        Migration(number: 2, name: "idempotency keys", statements: IdempotencyStore.statements),
        Migration(number: 3, name: "staged changes", statements: stagedChanges),
        Migration(number: 4, name: "relay", statements: relay),
        Migration(number: 5, name: "events on offer", statements: eventsOnOffer),
    ]

    /// `state` is `making` until inventory has the event's stock, then `live`; a creation that was refused is
    /// `withdrawn` until inventory has forgotten it. `push_due_at` is set as long as inventory must be told something.
    /// `change_counter` is one row: whoever takes the next number holds it until the commit, so that numbers become
    /// visible in their order, also where transactions run side by side.
    @Sendable private static func events(_ dialect: SQLDialect) -> [String] {
        [
            """
            CREATE TABLE events (
                id TEXT NOT NULL PRIMARY KEY,
                owner_id TEXT NOT NULL,
                title TEXT NOT NULL,
                description TEXT,
                artist TEXT,
                venue TEXT NOT NULL,
                venue_address TEXT,
                city TEXT,
                city_key TEXT,
                category TEXT,
                category_key TEXT,
                event_date BIGINT NOT NULL,
                end_date BIGINT,
                ends_at BIGINT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('Draft', 'Active', 'Cancelled')),
                is_deleted BIGINT NOT NULL CHECK (is_deleted IN (0, 1)),
                reserve_on TEXT NOT NULL CHECK (reserve_on IN ('checkout', 'cart')),
                max_per_order BIGINT NOT NULL CHECK (max_per_order > 0),
                waiting_room BIGINT NOT NULL CHECK (waiting_room IN (0, 1)),
                version BIGINT NOT NULL CHECK (version > 0),
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('making', 'live', 'withdrawn')),
                creation_key TEXT,
                stock_version BIGINT NOT NULL CHECK (stock_version <= version),
                push_due_at BIGINT,
                push_attempts BIGINT NOT NULL,
                sequence BIGINT,
                CHECK (state <> 'live' OR sequence IS NOT NULL)
            ) \(dialect.keyOrdered)
            """,
            "CREATE UNIQUE INDEX events_creation_key ON events (creation_key) WHERE creation_key IS NOT NULL",
            "CREATE UNIQUE INDEX events_sequence ON events (sequence) WHERE sequence IS NOT NULL",
            "CREATE INDEX events_push_due ON events (push_due_at) WHERE push_due_at IS NOT NULL",
            """
            CREATE INDEX events_by_date ON events (event_date, id, ends_at, status, is_deleted) WHERE state = 'live'
            """,
            "CREATE INDEX events_by_owner ON events (owner_id, event_date, id) WHERE state = 'live'",
            """
            CREATE TABLE ticket_types (
                event_id TEXT NOT NULL REFERENCES events (id),
                position BIGINT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                description TEXT,
                price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
                currency TEXT NOT NULL,
                seating TEXT NOT NULL CHECK (seating IN ('general', 'reserved')),
                capacity BIGINT NOT NULL CHECK (capacity > 0),
                sale_starts_at BIGINT,
                sale_ends_at BIGINT,
                is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                PRIMARY KEY (event_id, position)
            ) \(dialect.keyOrdered)
            """,
            """
            CREATE TABLE seat_sections (
                event_id TEXT NOT NULL REFERENCES events (id),
                ticket_type_id TEXT NOT NULL,
                position BIGINT NOT NULL,
                name TEXT NOT NULL,
                seat_rows BIGINT NOT NULL CHECK (seat_rows > 0),
                seats_per_row BIGINT NOT NULL CHECK (seats_per_row > 0),
                PRIMARY KEY (event_id, ticket_type_id, position)
            ) \(dialect.keyOrdered)
            """,
            "CREATE TABLE change_counter (id BIGINT NOT NULL PRIMARY KEY, latest BIGINT NOT NULL)",
            "INSERT INTO change_counter (id, latest) VALUES (1, 0)",
        ]
    }

    /// `staged` is the change of a live event that inventory has yet to agree to, as JSON; `rules_version` is the last
    /// that inventory was told or is to be told, in place of `stock_version`. `removed_events` stay in the change feed, as
    /// JSON of what they were last.
    @Sendable private static func stagedChanges(_ dialect: SQLDialect) -> [String] {
        [
            "ALTER TABLE events ADD COLUMN rules_version BIGINT NOT NULL DEFAULT 1",
            "UPDATE events SET rules_version = version",
            "ALTER TABLE events ADD COLUMN staged TEXT",
            "ALTER TABLE events ADD COLUMN ended_at BIGINT",
            """
            CREATE INDEX events_ending ON events (ends_at)
            WHERE state = 'live' AND status = 'Active' AND ended_at IS NULL
            """,
            "ALTER TABLE seat_sections ADD COLUMN first_ordinal BIGINT NOT NULL DEFAULT 0",
            """
            UPDATE seat_sections SET first_ordinal = (
                SELECT COALESCE(SUM(s.seat_rows * s.seats_per_row), 0)
                FROM seat_sections s JOIN ticket_types t ON t.id = s.ticket_type_id
                    JOIN ticket_types own ON own.id = seat_sections.ticket_type_id
                WHERE s.event_id = seat_sections.event_id
                    AND (t.position < own.position OR (t.id = own.id AND s.position < seat_sections.position)))
            """,
            """
            CREATE TABLE removed_events (
                event_id TEXT NOT NULL PRIMARY KEY,
                last_state TEXT NOT NULL,
                version BIGINT NOT NULL,
                sequence BIGINT NOT NULL UNIQUE
            ) \(dialect.keyOrdered)
            """,
            """
            CREATE TABLE finished_intents (
                intent TEXT NOT NULL PRIMARY KEY,
                event_id TEXT NOT NULL,
                created BIGINT NOT NULL,
                finished_at BIGINT NOT NULL
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX finished_intents_by_age ON finished_intents (finished_at)",
        ]
    }

    /// Up to where the stream was told of the change feed.
    @Sendable private static func relay(_ dialect: SQLDialect) -> [String] {
        [
            "CREATE TABLE relay_cursor (id BIGINT NOT NULL PRIMARY KEY, sequence BIGINT NOT NULL)",
            "INSERT INTO relay_cursor (id, sequence) VALUES (1, 0)",
        ]
    }

    /// What everyone's lists are counted and paged by, without looking into the events themselves: the last columns, which
    /// are the same for all, are there because SQLite looks them up otherwise.
    @Sendable private static func eventsOnOffer(_ dialect: SQLDialect) -> [String] {
        [
            """
            CREATE INDEX events_on_offer ON events
            (event_date, id, ends_at, city_key, category_key, state, status, is_deleted, ended_at)
            WHERE state = 'live' AND is_deleted = 0 AND status = 'Active' AND ended_at IS NULL
            """
        ]
    }
}
