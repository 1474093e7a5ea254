import DatabaseKit

extension InventoryMigrations {
    /// What happened to the stock, written by the database itself, so that no change can forget it: an entry for the end
    /// of every hold, with its beginning in it, for every change of a sale, and for places that the organizer adds, takes
    /// away or keeps back.
    ///
    /// A hold that is still alive is its own entry; to take places writes nothing more.
    static let trail = Migration(number: 11, name: "the trail of the stock") { dialect in
        let isAutomatic =
            dialect == .sqlite
            ? "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" : "BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY"
        let table = [
            """
            CREATE TABLE stock_trail (
                entry_id \(isAutomatic),
                event_id TEXT NOT NULL,
                at BIGINT NOT NULL,
                actor TEXT NOT NULL,
                action TEXT NOT NULL,
                reservation_id TEXT,
                reserved_at BIGINT,
                ticket_type_id TEXT,
                status_before TEXT,
                status_after TEXT,
                lines_before TEXT,
                lines_after TEXT,
                total_before BIGINT,
                total_after BIGINT,
                blocked_before BIGINT,
                blocked_after BIGINT
            )
            """,
            "CREATE INDEX stock_trail_of_event ON stock_trail (event_id, entry_id)",
        ]
        switch dialect {
        case .sqlite: return table + sqliteTriggers
        case .postgres: return table + postgresTriggers
        }
    }

    private static let columns = """
        event_id, at, actor, action, reservation_id, reserved_at, status_before, status_after, lines_before, lines_after
        """

    /// Places change hands; an ended hold that is given up has none any more.
    private static let movesPlaces = """
        (OLD.status <> NEW.status OR OLD.lines <> NEW.lines) AND NOT (OLD.status = 'Expired' AND NEW.status = 'Released')
        """

    private static let actor = """
        CASE WHEN NEW.status = 'Expired' THEN 'system'
        WHEN NEW.status = 'Confirmed' THEN 'booking:' || NEW.booking_id
        WHEN OLD.status = 'Confirmed' THEN 'booking:' || OLD.booking_id
        ELSE 'user:' || NEW.user_id END
        """

    private static let action = """
        CASE WHEN NEW.status = 'Expired' THEN 'expired'
        WHEN OLD.status = 'Confirmed' THEN 'returned'
        WHEN NEW.status = 'Confirmed' THEN 'sold'
        WHEN NEW.status = 'Released' THEN 'released'
        ELSE 'changed' END
        """

    /// What is held afterwards: nothing by what has ended.
    private static let linesAfter = "CASE WHEN NEW.status IN ('Active', 'Confirmed') THEN NEW.lines ELSE '' END"

    private static func entries(at time: String) -> (reservation: String, ticketType: String) {
        (
            """
            INSERT INTO stock_trail (\(columns))
            VALUES (NEW.event_id, \(time), \(actor), \(action), NEW.reservation_id, NEW.reserved_at,
                OLD.status, NEW.status, OLD.lines, \(linesAfter));
            """,
            """
            INSERT INTO stock_trail (event_id, at, actor, action, ticket_type_id, total_before, total_after,
                blocked_before, blocked_after)
            VALUES (NEW.event_id, \(time), 'organizer',
                CASE WHEN OLD.total = NEW.total THEN 'blocked' ELSE 'resized' END, NEW.ticket_type_id,
                OLD.total, NEW.total, OLD.blocked, NEW.blocked);
            """
        )
    }

    private static let sqliteTriggers: [String] = {
        let entries = Self.entries(at: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)")
        return [
            """
            CREATE TRIGGER reservations_leave_a_trail AFTER UPDATE OF status, lines ON reservations
            WHEN \(movesPlaces) BEGIN \(entries.reservation) END
            """,
            """
            CREATE TRIGGER ticket_types_leave_a_trail AFTER UPDATE OF total, blocked ON ticket_types
            WHEN OLD.total <> NEW.total OR OLD.blocked <> NEW.blocked BEGIN \(entries.ticketType) END
            """,
        ]
    }()

    private static let postgresTriggers: [String] = {
        let entries = Self.entries(at: "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")
        func function(_ name: String, _ condition: String, _ entry: String) -> String {
            """
            CREATE FUNCTION \(name)() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF \(condition) THEN \(entry) END IF;
                RETURN NULL;
            END
            $$
            """
        }
        return [
            // A column that a trigger looks at has its collation for good.
            "ALTER TABLE reservations ALTER COLUMN lines TYPE text COLLATE \"C\"",
            function("note_reservation", movesPlaces, entries.reservation),
            """
            CREATE TRIGGER reservations_leave_a_trail AFTER UPDATE OF status, lines ON reservations
            FOR EACH ROW EXECUTE FUNCTION note_reservation()
            """,
            function(
                "note_ticket_type", "OLD.total <> NEW.total OR OLD.blocked <> NEW.blocked", entries.ticketType),
            """
            CREATE TRIGGER ticket_types_leave_a_trail AFTER UPDATE OF total, blocked ON ticket_types
            FOR EACH ROW EXECUTE FUNCTION note_ticket_type()
            """,
        ]
    }()
}
