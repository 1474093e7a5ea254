import DatabaseKit
import ServiceKit

/// The schema of the booking service.
enum BookingMigrations {
    static let all: [Migration] = [
        Migration(number: 1, name: "bookings") { dialect in
            bookings + tickets(dialect) + auditTrail(dialect) + IdempotencyStore.statements(dialect)
        },
        cancellations, events,
    ]

    /// Rows are wide (the deal travels in them), so the table keeps its own row order and the key an index.
    private static let bookings = [
        """
        CREATE TABLE bookings (
            booking_id TEXT PRIMARY KEY,
            reference TEXT NOT NULL,
            user_id TEXT NOT NULL,
            reservation_id TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            claim BIGINT NOT NULL,
            phase TEXT NOT NULL CHECK (phase IN ('pinning', 'charging', 'refunding', 'releasing', 'done')),
            status TEXT NOT NULL CHECK (status IN ('Pending', 'Confirmed', 'Failed', 'Cancelled', 'Refunded')),
            payment_status TEXT NOT NULL CHECK (
                payment_status IN ('Pending', 'Success', 'Failed', 'Refunded', 'PartiallyRefunded')),
            event_id TEXT,
            currency TEXT,
            total_minor BIGINT CHECK (total_minor >= 0),
            purchase TEXT,
            gives_up_at BIGINT,
            failure TEXT,
            acknowledged BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            confirmed_at BIGINT,
            cancelled_at BIGINT,
            lease_owner TEXT NOT NULL,
            lease_until BIGINT NOT NULL,
            lease_epoch BIGINT NOT NULL,
            recoveries BIGINT NOT NULL
        )
        """,
        "CREATE UNIQUE INDEX bookings_by_reference ON bookings (reference)",
        // Paid once: of a reservation's bookings, at most one is running or sold.
        """
        CREATE UNIQUE INDEX bookings_active ON bookings (reservation_id) WHERE status IN ('Pending', 'Confirmed')
        """,
        "CREATE INDEX bookings_by_user ON bookings (user_id, booking_id)",
        "CREATE INDEX bookings_by_event ON bookings (event_id, booking_id)",
        "CREATE INDEX bookings_unfinished ON bookings (lease_until) WHERE phase <> 'done'",
    ]

    private static func tickets(_ dialect: SQLDialect) -> [String] {
        [
            """
            CREATE TABLE tickets (
                ticket_id TEXT PRIMARY KEY,
                ticket_number TEXT NOT NULL,
                position BIGINT NOT NULL,
                booking_id TEXT NOT NULL,
                user_id TEXT NOT NULL,
                event_id TEXT NOT NULL,
                ticket_type_id TEXT NOT NULL,
                seat_number TEXT,
                price_minor BIGINT NOT NULL,
                currency TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('Purchased', 'Cancelled', 'Used')),
                customer_name TEXT,
                customer_email TEXT,
                customer_phone TEXT,
                notes TEXT,
                reserved_at BIGINT NOT NULL,
                purchased_at BIGINT NOT NULL,
                cancelled_at BIGINT,
                used_at BIGINT
            ) \(dialect.keyOrdered)
            """,
            "CREATE UNIQUE INDEX tickets_of_booking ON tickets (booking_id, position)",
            // Sold once: a seat has at most one ticket that admits somebody.
            """
            CREATE UNIQUE INDEX tickets_seat ON tickets (event_id, seat_number)
            WHERE status IN ('Purchased', 'Used')
            """,
        ]
    }

    private static func auditTrail(_ dialect: SQLDialect) -> [String] {
        [
            """
            CREATE TABLE audit_trail (
                entry_id TEXT PRIMARY KEY,
                at BIGINT NOT NULL,
                actor TEXT NOT NULL,
                action TEXT NOT NULL,
                booking_id TEXT NOT NULL,
                before TEXT NOT NULL,
                after TEXT NOT NULL
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX audit_trail_of_booking ON audit_trail (booking_id, entry_id)",
        ]
    }
}
