import DatabaseKit
import ServiceKit

/// The third to fifth step of the schema: payments before a purchase, the provider's webhooks, reconciliation, returns.
extension PaymentMigrations {
    static let authorizations = Migration(number: 3, name: "payments before a purchase") { dialect in
        [
            """
            CREATE TABLE authorizations (
                payment_id TEXT NOT NULL PRIMARY KEY,
                reference TEXT NOT NULL,
                user_id TEXT NOT NULL,
                intent TEXT,
                amount BIGINT NOT NULL CONSTRAINT amount_positive CHECK (amount > 0),
                currency TEXT NOT NULL,
                state TEXT NOT NULL CONSTRAINT state_known CHECK (
                    state IN ('Pending', 'Authorized', 'Declined', 'Claimed', 'Releasing', 'Voided')),
                decline_code TEXT,
                last_four TEXT CONSTRAINT last_four_only CHECK (length(last_four) <= 4),
                booking_id TEXT,
                charge_key TEXT,
                created_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                CONSTRAINT claimed_by_one CHECK ((state = 'Claimed') = (booking_id IS NOT NULL))
            ) \(dialect.keyOrdered)
            """,
            "CREATE UNIQUE INDEX authorizations_by_reference ON authorizations (reference)",
            "CREATE INDEX authorizations_by_user ON authorizations (user_id, created_at)",
            """
            CREATE INDEX authorizations_unclaimed ON authorizations (expires_at)
            WHERE state IN ('Pending', 'Authorized')
            """,
            "CREATE INDEX authorizations_releasing ON authorizations (payment_id) WHERE state = 'Releasing'",
            "CREATE INDEX authorizations_pending ON authorizations (payment_id) WHERE state = 'Pending'",
            "ALTER TABLE charges ADD COLUMN is_claimed BIGINT NOT NULL DEFAULT 0",
        ] + ledgerOfAllPayments(dialect) + IdempotencyStore.statements(dialect) + LeaseTable.statements(dialect)
    }

    static let reconciliation = Migration(number: 4, name: "webhooks and reconciliation") { dialect in
        [
            """
            CREATE TABLE webhook_events (
                provider TEXT NOT NULL,
                event_id TEXT NOT NULL,
                kind TEXT NOT NULL,
                payment_key TEXT,
                payload TEXT NOT NULL,
                received_at BIGINT NOT NULL,
                PRIMARY KEY (provider, event_id)
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX webhook_events_by_time ON webhook_events (received_at)",
            """
            CREATE TABLE payment_differences (
                difference_id TEXT NOT NULL PRIMARY KEY,
                kind TEXT NOT NULL,
                payment_key TEXT NOT NULL,
                booking_id TEXT,
                detail TEXT NOT NULL,
                is_mended BIGINT NOT NULL,
                found_at BIGINT NOT NULL
            ) \(dialect.keyOrdered)
            """,
            """
            CREATE TABLE reconciliation_places (
                name TEXT NOT NULL PRIMARY KEY,
                changed_at BIGINT NOT NULL,
                charge_key TEXT NOT NULL
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX charges_pending ON charges (charge_key) WHERE state = 'Pending'",
            "CREATE INDEX charges_by_change ON charges (updated_at, charge_key)",
            "CREATE INDEX refunds_unfinished ON refunds (charge_key, refund_key) WHERE state <> 'Succeeded'",
        ] + SimulatorMemory.announcements + StripeMemory.statements(dialect)
    }

    static let returns = Migration(number: 5, name: "attempts to give back what was taken without a claim") { _ in
        ["ALTER TABLE authorizations ADD COLUMN return_attempt BIGINT NOT NULL DEFAULT 1"]
    }

    /// Entries belong to charges and to payments that no booking has: the reference to charges goes.
    ///
    /// SQLite cannot drop a constraint, so the table is copied there; the triggers go with the old one.
    private static func ledgerOfAllPayments(_ dialect: SQLDialect) -> [String] {
        switch dialect {
        case .postgres: ["ALTER TABLE ledger DROP CONSTRAINT ledger_charge_key_fkey"]
        case .sqlite:
            ["ALTER TABLE ledger RENAME TO ledger_of_charges", ledgerTable(dialect, referencing: "")]
                + [
                    """
                    INSERT INTO ledger (
                        charge_key, entry_key, kind, amount, currency, provider_reference, recorded_at)
                    SELECT charge_key, entry_key, kind, amount, currency, provider_reference, recorded_at
                    FROM ledger_of_charges
                    """,
                    "DROP TABLE ledger_of_charges",
                ] + ledgerTriggers
        }
    }
}
