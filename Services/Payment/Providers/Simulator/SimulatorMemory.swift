import Contracts
import DatabaseKit
import ServiceKit

/// What the simulated processor remembers, in tables of its own: like a remote one, it survives the death of payment,
/// and payment reads and writes it through ``SimulatorProvider`` only.
struct SimulatorMemory: Sendable {
    /// A charge as the processor sees it.
    struct Entry: Sendable {
        let scenario: SimulatorScenario
        let isVoided: Bool
        let minorUnits: Int64
        let reference: String
        /// When the processor decides.
        let settlesAt: Timestamp
        /// Whether the money is taken when the bank agrees.
        var isCaptured = true

        func outcome(at now: Timestamp) -> ProviderOutcome {
            if isVoided { return .voided }
            if let code = scenario.declineCode { return .declined(code: code) }
            guard scenario != .timeout, now >= settlesAt else { return .undecided }
            return isCaptured ? .captured(reference: reference) : .authorized(reference: reference)
        }
    }

    /// A message that the processor owes.
    struct Announcement: Sendable {
        let key: String
        let outcome: ProviderOutcome
    }

    let database: any Database

    static let schema: @Sendable (SQLDialect) -> [String] = { dialect in
        [
            """
            CREATE TABLE simulator_charges (
                idempotency_key TEXT NOT NULL PRIMARY KEY,
                scenario TEXT NOT NULL,
                voided BIGINT NOT NULL,
                amount BIGINT NOT NULL,
                reference TEXT NOT NULL,
                settles_at BIGINT NOT NULL
            ) \(dialect.keyOrdered)
            """,
            """
            CREATE TABLE simulator_refunds (
                charge_key TEXT NOT NULL,
                idempotency_key TEXT NOT NULL,
                amount BIGINT NOT NULL,
                reference TEXT NOT NULL,
                failure_code TEXT,
                PRIMARY KEY (charge_key, idempotency_key)
            ) \(dialect.keyOrdered)
            """,
        ]
    }

    /// What came to the tables later: money that is agreed to before it is taken, and messages.
    static let announcements = [
        "ALTER TABLE simulator_charges ADD COLUMN captures BIGINT NOT NULL DEFAULT 1",
        "ALTER TABLE simulator_charges ADD COLUMN announce_at BIGINT",
        """
        CREATE INDEX simulator_announcements ON simulator_charges (announce_at) WHERE announce_at IS NOT NULL
        """,
    ]

    /// Remembers a charge unless its key is known, and returns what is remembered under it.
    func remember(_ key: String, _ entry: Entry) async throws -> Entry {
        try await database.write { session in
            if let known = try Self.find(key, session) { return known }
            try session.execute(
                """
                INSERT INTO simulator_charges (
                    idempotency_key, scenario, voided, amount, reference, settles_at, captures, announce_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                key, entry.scenario.rawValue, entry.isVoided, entry.minorUnits, entry.reference, entry.settlesAt,
                entry.isCaptured, entry.scenario == .late ? entry.settlesAt : nil)
            return entry
        }
    }

    /// What is remembered under `key`.
    func entry(_ key: String) async throws -> Entry? {
        try await database.read { try Self.find(key, $0) }
    }

    /// Voids `key` unless its money was taken or refused by `now`, and returns what is remembered afterwards.
    func void(_ key: String, at now: Timestamp) async throws -> Entry {
        try await database.write { session in
            guard let known = try Self.find(key, session) else {
                let voided = Entry(scenario: .success, isVoided: true, minorUnits: 0, reference: "", settlesAt: now)
                try session.execute(
                    """
                    INSERT INTO simulator_charges (idempotency_key, scenario, voided, amount, reference, settles_at)
                    VALUES ($1, $2, 1, 0, '', $3)
                    """, key, voided.scenario.rawValue, now)
                return voided
            }
            switch known.outcome(at: now) {
            case .captured, .declined, .voided: return known
            case .undecided, .authorized:
                try session.execute("UPDATE simulator_charges SET voided = 1 WHERE idempotency_key = $1", key)
                return try Self.find(key, session) ?? known
            }
        }
    }

    /// Takes the money that the bank agreed to by `now`, and returns what is remembered afterwards.
    func capture(_ key: String, at now: Timestamp) async throws -> Entry? {
        try await database.write { session in
            guard let known = try Self.find(key, session) else { return nil }
            guard case .authorized = known.outcome(at: now) else { return known }
            try session.execute("UPDATE simulator_charges SET captures = 1 WHERE idempotency_key = $1", key)
            return try Self.find(key, session)
        }
    }

    /// How much was given back of the charge under `key`, in minor units.
    func refunded(_ key: String) async throws -> Int64 {
        try await database.read { session in
            try session.query(
                """
                SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM simulator_refunds
                WHERE charge_key = $1 AND failure_code IS NULL
                """, key)[0].int64(0)
        }
    }

    /// Up to `limit` messages that are due.
    func announcements(at now: Timestamp, limit: Int) async throws -> [Announcement] {
        try await database.read { session in
            try session.query(
                """
                SELECT idempotency_key FROM simulator_charges WHERE announce_at <= $1 ORDER BY announce_at LIMIT $2
                """, now, limit
            ).compactMap { row in
                let key = try row.string(0)
                return try Self.find(key, session).map { Announcement(key: key, outcome: $0.outcome(at: now)) }
            }
        }
    }

    /// Remembers that a message has arrived.
    func forget(_ announcement: Announcement) async throws {
        try await database.write { session in
            try session.execute(
                "UPDATE simulator_charges SET announce_at = NULL WHERE idempotency_key = $1", announcement.key)
        }
    }

    /// Refunds once for each key; refuses what is more than the charge took.
    func refund(_ refund: ProviderRefund, reference: String, at now: Timestamp) async throws -> ProviderRefundOutcome {
        try await database.write { session in
            let earlier = try session.query(
                "SELECT idempotency_key, amount, reference, failure_code FROM simulator_refunds WHERE charge_key = $1",
                refund.paymentKey)
            for row in earlier where try row.string(0) == refund.key {
                return try Self.outcome(row)
            }
            let failure = try Self.failure(of: refund, after: earlier, at: now, session)
            try session.execute(
                """
                INSERT INTO simulator_refunds (charge_key, idempotency_key, amount, reference, failure_code)
                VALUES ($1, $2, $3, $4, $5)
                """, refund.paymentKey, refund.key, refund.amount.minorUnits, reference, failure)
            return failure.map { .failed(code: $0) } ?? .succeeded(reference: reference)
        }
    }

    private static func failure(
        of refund: ProviderRefund, after earlier: [SQLRow], at now: Timestamp, _ session: any SQLSession
    ) throws -> String? {
        guard let charge = try find(refund.paymentKey, session), case .captured = charge.outcome(at: now) else {
            return "charge_not_captured"
        }
        if charge.scenario == .refundFails, earlier.isEmpty { return "refund_failed" }
        var refunded: Int64 = 0
        for row in earlier where try row.optionalString(3) == nil { refunded += try row.int64(1) }
        return refunded + refund.amount.minorUnits > charge.minorUnits ? "amount_too_large" : nil
    }

    private static func outcome(_ row: SQLRow) throws -> ProviderRefundOutcome {
        if let code = try row.optionalString(3) { return .failed(code: code) }
        return .succeeded(reference: try row.string(2))
    }

    private static func find(_ key: String, _ session: any SQLSession) throws -> Entry? {
        try session.first(
            """
            SELECT scenario, voided, amount, reference, settles_at, captures
            FROM simulator_charges WHERE idempotency_key = $1
            """, key
        ).map { row in
            Entry(
                scenario: try row.choice("scenario"), isVoided: try row.bool(1), minorUnits: try row.int64(2),
                reference: try row.string(3), settlesAt: try row.timestamp("settles_at"),
                isCaptured: try row.bool("captures"))
        }
    }
}
