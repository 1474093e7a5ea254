import DatabaseKit
import ServiceKit

extension BookingMigrations {
    /// What was given back, and codes that change hands.
    static let cancellations = Migration(number: 2, name: "cancellations and ticket codes") { dialect in
        [
            // How many cancellations there were, and what they gave back.
            "ALTER TABLE bookings ADD COLUMN cancellations BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE bookings ADD COLUMN refunded_minor BIGINT NOT NULL DEFAULT 0",
            // Rises when a ticket is passed on: a code of another version is none.
            "ALTER TABLE tickets ADD COLUMN code_version BIGINT NOT NULL DEFAULT 1",
            "ALTER TABLE audit_trail ADD COLUMN event_id TEXT",
            """
            UPDATE audit_trail SET event_id = (
                SELECT event_id FROM bookings WHERE bookings.booking_id = audit_trail.booking_id)
            """,
            "CREATE INDEX audit_trail_of_event ON audit_trail (event_id, entry_id)",
            """
            CREATE TABLE cancellations (
                booking_id TEXT NOT NULL,
                number BIGINT NOT NULL,
                event_id TEXT NOT NULL,
                reservation_id TEXT NOT NULL,
                reason TEXT NOT NULL CHECK (reason IN ('asked', 'event-cancelled')),
                actor TEXT NOT NULL,
                tickets TEXT NOT NULL,
                amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
                currency TEXT NOT NULL,
                phase TEXT NOT NULL CHECK (phase IN ('refunding', 'releasing', 'done')),
                scope TEXT,
                idempotency_key TEXT,
                claim BIGINT,
                created_at BIGINT NOT NULL,
                lease_owner TEXT NOT NULL,
                lease_until BIGINT NOT NULL,
                lease_epoch BIGINT NOT NULL,
                recoveries BIGINT NOT NULL,
                PRIMARY KEY (booking_id, number)
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX cancellations_unfinished ON cancellations (lease_until) WHERE phase <> 'done'",
            "CREATE INDEX cancellations_of_event ON cancellations (event_id) WHERE reason = 'event-cancelled'",
        ]
    }

    /// What is known of events, and the refunds of those that were cancelled.
    static let events = Migration(number: 3, name: "copies of events and their refunds") { dialect in
        [
            """
            CREATE TABLE event_copies (
                event_id TEXT NOT NULL PRIMARY KEY,
                version BIGINT NOT NULL,
                owner_id TEXT NOT NULL,
                status TEXT NOT NULL,
                event_date BIGINT NOT NULL
            ) \(dialect.keyOrdered)
            """,
            """
            CREATE TABLE feed_position (
                feed TEXT NOT NULL PRIMARY KEY,
                sequence BIGINT NOT NULL
            ) \(dialect.keyOrdered)
            """,
            """
            CREATE TABLE event_refunds (
                event_id TEXT NOT NULL PRIMARY KEY,
                version BIGINT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('due', 'running', 'done', 'stopped')),
                position TEXT NOT NULL,
                began_at BIGINT,
                finished_at BIGINT,
                lease_owner TEXT NOT NULL,
                lease_until BIGINT NOT NULL,
                lease_epoch BIGINT NOT NULL
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX event_refunds_unfinished ON event_refunds (lease_until) WHERE state IN ('due', 'running')",
        ]
    }
}
