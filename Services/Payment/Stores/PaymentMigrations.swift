import DatabaseKit

/// The schema of payment, step by step.
enum PaymentMigrations {
    static let all = [
        Migration(number: 1, name: "charges, refunds and their ledger") { dialect in
            [charges(dialect), "CREATE UNIQUE INDEX charges_payment ON charges (payment_id)", refunds(dialect)]
                + ledger(dialect)
        },
        Migration(number: 2, name: "memory of the simulated processor", statements: SimulatorMemory.schema),
        authorizations, reconciliation, returns,
    ]

    private static func charges(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE charges (
            charge_key TEXT NOT NULL PRIMARY KEY,
            payment_id TEXT NOT NULL,
            reference TEXT NOT NULL,
            booking_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            amount BIGINT NOT NULL CONSTRAINT amount_positive CHECK (amount > 0),
            currency TEXT NOT NULL,
            state TEXT NOT NULL
                CONSTRAINT state_known CHECK (state IN ('Pending', 'Captured', 'Declined', 'Voided')),
            decline_code TEXT,
            provider_reference TEXT,
            last_four TEXT CONSTRAINT last_four_only CHECK (length(last_four) <= 4),
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        ) \(dialect.keyOrdered)
        """
    }

    private static func refunds(_ dialect: SQLDialect) -> String {
        """
        CREATE TABLE refunds (
            charge_key TEXT NOT NULL REFERENCES charges (charge_key),
            refund_key TEXT NOT NULL,
            amount BIGINT NOT NULL CONSTRAINT amount_positive CHECK (amount > 0),
            state TEXT NOT NULL CONSTRAINT state_known CHECK (state IN ('Pending', 'Succeeded', 'Failed')),
            attempt BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (charge_key, refund_key)
        ) \(dialect.keyOrdered)
        """
    }

    /// The key makes a second capture, or a second refund under one key, impossible; the triggers make history fixed.
    private static func ledger(_ dialect: SQLDialect) -> [String] {
        let table = ledgerTable(dialect, referencing: " REFERENCES charges (charge_key)")
        switch dialect {
        case .sqlite: return [table] + ledgerTriggers
        case .postgres:
            let refuse = """
                CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
                END
                $$
                """
            let trigger = """
                CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger
                FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
                """
            return [table, refuse, trigger]
        }
    }

    static func ledgerTable(_ dialect: SQLDialect, referencing reference: String) -> String {
        """
        CREATE TABLE ledger (
            charge_key TEXT NOT NULL\(reference),
            entry_key TEXT NOT NULL,
            kind TEXT NOT NULL
                CONSTRAINT kind_known CHECK (kind IN ('authorize', 'capture', 'refund', 'void')),
            amount BIGINT NOT NULL CONSTRAINT amount_not_negative CHECK (amount >= 0),
            currency TEXT NOT NULL,
            provider_reference TEXT,
            recorded_at BIGINT NOT NULL,
            PRIMARY KEY (charge_key, entry_key)
        ) \(dialect.keyOrdered)
        """
    }

    /// What keeps history fixed on SQLite.
    static let ledgerTriggers = ["UPDATE", "DELETE"].map { verb in
        """
        CREATE TRIGGER ledger_no_\(verb.lowercased()) BEFORE \(verb) ON ledger
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """
    }
}
