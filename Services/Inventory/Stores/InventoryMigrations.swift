import DatabaseKit
import ServiceKit

/// The schema of inventory's database. The constraints alone make overselling impossible, whatever the code does.
enum InventoryMigrations {
    static let all: [Migration] = [
        stock, reservations,
        Migration(number: 3, name: "idempotency keys", statements: IdempotencyStore.statements),
        decisions, checkouts, carts,
        Migration(number: 7, name: "leases", statements: LeaseTable.statements),
        followers, guards, leanerIndexes, trail, eventsThatNobodyKnows,
    ]

    private static let stock = Migration(number: 1, name: "events, ticket types and seats") { dialect in
        [
            """
            CREATE TABLE events (
                event_id TEXT NOT NULL PRIMARY KEY,
                owner_id TEXT NOT NULL,
                rules_version BIGINT NOT NULL,
                status TEXT NOT NULL,
                is_active BIGINT NOT NULL,
                event_date BIGINT NOT NULL,
                max_per_order BIGINT NOT NULL,
                stock_version BIGINT NOT NULL DEFAULT 0,
                fence_epoch BIGINT NOT NULL DEFAULT 0
            ) \(dialect.keyOrdered)
            """,
            """
            CREATE TABLE ticket_types (
                event_id TEXT NOT NULL,
                ticket_type_id TEXT NOT NULL,
                position BIGINT NOT NULL,
                name TEXT NOT NULL,
                price_minor_units BIGINT NOT NULL CHECK (price_minor_units >= 0),
                currency TEXT NOT NULL,
                seating TEXT NOT NULL,
                sale_starts_at BIGINT,
                sale_ends_at BIGINT,
                is_active BIGINT NOT NULL,
                total BIGINT NOT NULL,
                reserved BIGINT NOT NULL DEFAULT 0,
                sold BIGINT NOT NULL DEFAULT 0,
                PRIMARY KEY (event_id, ticket_type_id),
                CONSTRAINT never_oversold CHECK (reserved >= 0 AND sold >= 0 AND reserved + sold <= total)
            ) \(dialect.keyOrdered)
            """,
            """
            CREATE TABLE seats (
                event_id TEXT NOT NULL,
                ordinal BIGINT NOT NULL,
                seat_number TEXT NOT NULL,
                section TEXT NOT NULL,
                row_number BIGINT NOT NULL,
                ticket_type_id TEXT NOT NULL,
                status TEXT NOT NULL DEFAULT 'Available',
                reservation_id TEXT,
                fence BIGINT NOT NULL DEFAULT 0,
                version BIGINT NOT NULL DEFAULT 0,
                PRIMARY KEY (event_id, ordinal),
                CONSTRAINT one_holder CHECK (
                    (status IN ('Available', 'Blocked') AND reservation_id IS NULL)
                    OR (status IN ('Reserved', 'Sold') AND reservation_id IS NOT NULL))
            ) \(dialect.keyOrdered)
            """,
            "CREATE UNIQUE INDEX seats_by_number ON seats (event_id, seat_number)",
        ]
    }

    private static let reservations = Migration(number: 2, name: "reservations") { dialect in
        [
            """
            CREATE TABLE reservations (
                reservation_id TEXT NOT NULL PRIMARY KEY,
                event_id TEXT NOT NULL,
                user_id TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('Active', 'Confirmed', 'Released', 'Expired')),
                lines TEXT NOT NULL,
                quantity BIGINT NOT NULL CHECK (quantity > 0),
                currency TEXT NOT NULL,
                customer TEXT,
                notes TEXT,
                reserved_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                hard_expires_at BIGINT NOT NULL,
                ends_at BIGINT NOT NULL,
                fencing_token BIGINT NOT NULL,
                pinned_by TEXT,
                pinned_until BIGINT,
                payment_attempts BIGINT NOT NULL DEFAULT 0,
                booking_id TEXT,
                CONSTRAINT sold_to_a_booking CHECK ((status = 'Confirmed') = (booking_id IS NOT NULL))
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX reservations_ending ON reservations (ends_at) WHERE status = 'Active'",
            "CREATE INDEX reservations_of_event ON reservations (event_id, status, reservation_id)",
            "CREATE INDEX reservations_of_user ON reservations (user_id, event_id) WHERE status = 'Active'",
        ]
    }

    /// Sections by name, and what was decided about each event's newest rules.
    private static let decisions = Migration(number: 4, name: "decisions about rules") { dialect in
        [
            "ALTER TABLE events ADD COLUMN rules_decision TEXT",
            "ALTER TABLE events ADD COLUMN refunds_began BIGINT NOT NULL DEFAULT 0",
            """
            CREATE TABLE seat_sections (
                event_id TEXT NOT NULL,
                name TEXT NOT NULL,
                ticket_type_id TEXT NOT NULL,
                seat_rows BIGINT NOT NULL CHECK (seat_rows > 0),
                seats_per_row BIGINT NOT NULL CHECK (seats_per_row > 0),
                first_ordinal BIGINT NOT NULL,
                PRIMARY KEY (event_id, name)
            ) \(dialect.keyOrdered)
            """,
            """
            INSERT INTO seat_sections (event_id, name, ticket_type_id, seat_rows, seats_per_row, first_ordinal)
            SELECT event_id, section, MIN(ticket_type_id), MAX(row_number), COUNT(*) / MAX(row_number), MIN(ordinal)
            FROM seats GROUP BY event_id, section
            """,
        ]
    }

    private static let checkouts = Migration(number: 5, name: "checkout holds and ticket reservations") { _ in
        [
            "ALTER TABLE reservations ADD COLUMN idle_ends_at BIGINT",
            "ALTER TABLE reservations ADD COLUMN reference TEXT",
            "ALTER TABLE reservations ADD COLUMN ticket_numbers TEXT",
            """
            CREATE UNIQUE INDEX one_checkout_hold ON reservations (user_id, event_id)
            WHERE status = 'Active' AND idle_ends_at IS NOT NULL
            """,
            "CREATE UNIQUE INDEX reservations_by_reference ON reservations (reference) WHERE reference IS NOT NULL",
        ]
    }

    /// What those who follow an event see: its end, and seats that are not for sale.
    private static let followers = Migration(number: 8, name: "ends of events and blocked seats") { _ in
        [
            "ALTER TABLE events ADD COLUMN end_date BIGINT",
            """
            ALTER TABLE ticket_types ADD COLUMN blocked BIGINT NOT NULL DEFAULT 0
            CONSTRAINT blocked_are_not_sold CHECK (blocked >= 0 AND reserved + sold + blocked <= total)
            """,
        ]
    }

    private static let carts = Migration(number: 6, name: "carts") { dialect in
        [
            "ALTER TABLE events ADD COLUMN reserve_on TEXT NOT NULL DEFAULT 'checkout'",
            "CREATE INDEX ticket_types_by_id ON ticket_types (ticket_type_id)",
            """
            CREATE TABLE carts (
                cart_id TEXT NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('Active', 'Expired', 'CheckedOut')),
                version BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                last_addition TEXT,
                last_addition_at BIGINT
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX carts_of_user ON carts (user_id, cart_id)",
            "CREATE UNIQUE INDEX one_active_cart ON carts (user_id) WHERE status = 'Active'",
            """
            CREATE TABLE cart_lines (
                cart_id TEXT NOT NULL REFERENCES carts (cart_id),
                ticket_type_id TEXT NOT NULL,
                line_id TEXT NOT NULL,
                event_id TEXT NOT NULL,
                quantity BIGINT NOT NULL CHECK (quantity > 0),
                seat_numbers TEXT NOT NULL,
                unit_price BIGINT NOT NULL,
                currency TEXT NOT NULL,
                reservation_id TEXT,
                PRIMARY KEY (cart_id, ticket_type_id)
            ) \(dialect.keyOrdered)
            """,
        ]
    }

    /// A hold that is made writes into as few indexes as it can; a buyer's list is found without reading the table.
    private static let leanerIndexes = Migration(number: 10, name: "leaner indexes of reservations") { _ in
        [
            "DROP INDEX reservations_of_event",
            "CREATE INDEX confirmed_of_event ON reservations (event_id, reservation_id) WHERE status = 'Confirmed'",
            "DROP INDEX reservations_of_user",
            "CREATE INDEX reservations_of_user ON reservations (user_id, status, reservation_id)",
        ]
    }

    /// PostgreSQL keeps no statistics about which events seats are of.
    ///
    /// From those that it had it would conclude that an event which it has not met has no seats, so that reading all of
    /// them costs nothing: in the first minutes of a sale, when nobody has analysed the table since its seats were made,
    /// each commit would read the whole hall. Without any it supposes that an event has many.
    private static let eventsThatNobodyKnows = Migration(number: 12, name: "no statistics about events") { dialect in
        switch dialect {
        case .sqlite: []
        case .postgres: ["ALTER TABLE seats ALTER COLUMN event_id SET STATISTICS 0"]
        }
    }
}
