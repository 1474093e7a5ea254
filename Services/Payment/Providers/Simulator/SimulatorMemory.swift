import Contracts
import DatabaseKit

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

        func outcome(at now: Timestamp) -> ProviderOutcome {
            if isVoided { return .voided }
            if let code = scenario.declineCode { return .declined(code: code) }
            return scenario != .timeout && now >= settlesAt ? .captured(reference: reference) : .undecided
        }
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

    /// Remembers a charge unless its key is known, and returns what is remembered under it.
    func remember(_ key: String, _ entry: Entry) async throws -> Entry {
        try await database.write { session in
            if let known = try Self.find(key, session) { return known }
            try session.execute(
                """
                INSERT INTO simulator_charges (idempotency_key, scenario, voided, amount, reference, settles_at)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                key, entry.scenario.rawValue, entry.isVoided, entry.minorUnits, entry.reference,
                entry.settlesAt.milliseconds)
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
                let stub = Entry(scenario: .success, isVoided: true, minorUnits: 0, reference: "", settlesAt: now)
                try session.execute(
                    """
                    INSERT INTO simulator_charges (idempotency_key, scenario, voided, amount, reference, settles_at)
                    VALUES ($1, $2, 1, 0, '', $3)
                    """, key, stub.scenario.rawValue, now.milliseconds)
                return stub
            }
            guard known.outcome(at: now) == .undecided else { return known }
            try session.execute("UPDATE simulator_charges SET voided = 1 WHERE idempotency_key = $1", key)
            return Entry(
                scenario: known.scenario, isVoided: true, minorUnits: known.minorUnits, reference: known.reference,
                settlesAt: known.settlesAt)
        }
    }

    /// Refunds once for each key; refuses what is more than the charge took.
    func refund(_ refund: ProviderRefund, reference: String, at now: Timestamp) async throws -> ProviderRefundOutcome {
        try await database.write { session in
            let earlier = try session.query(
                "SELECT idempotency_key, amount, reference, failure_code FROM simulator_refunds WHERE charge_key = $1",
                refund.chargeKey)
            for row in earlier where try row.string(0) == refund.key {
                return try Self.outcome(row)
            }
            let failure = try Self.failure(of: refund, after: earlier, at: now, session)
            try session.execute(
                """
                INSERT INTO simulator_refunds (charge_key, idempotency_key, amount, reference, failure_code)
                VALUES ($1, $2, $3, $4, $5)
                """, refund.chargeKey, refund.key, refund.minorUnits, reference, failure)
            return failure.map { .failed(code: $0) } ?? .succeeded(reference: reference)
        }
    }

    private static func failure(
        of refund: ProviderRefund, after earlier: [SQLRow], at now: Timestamp, _ session: any SQLSession
    ) throws -> String? {
        guard let charge = try find(refund.chargeKey, session), case .captured = charge.outcome(at: now) else {
            return "charge_not_captured"
        }
        if charge.scenario == .refundFails, earlier.isEmpty { return "refund_failed" }
        var refunded: Int64 = 0
        for row in earlier where try row.optionalString(3) == nil { refunded += try row.int64(1) }
        return refunded + refund.minorUnits > charge.minorUnits ? "amount_too_large" : nil
    }

    private static func outcome(_ row: SQLRow) throws -> ProviderRefundOutcome {
        if let code = try row.optionalString(3) { return .failed(code: code) }
        return .succeeded(reference: try row.string(2))
    }

    private static func find(_ key: String, _ session: any SQLSession) throws -> Entry? {
        try session.first(
            """
            SELECT scenario, voided, amount, reference, settles_at FROM simulator_charges WHERE idempotency_key = $1
            """, key
        ).map { row in
            guard let scenario = SimulatorScenario(rawValue: try row.string(0)) else {
                throw DatabaseError(.decoding, "simulator_charges.scenario holds an unknown scenario")
            }
            return Entry(
                scenario: scenario, isVoided: try row.bool(1), minorUnits: try row.int64(2),
                reference: try row.string(3), settlesAt: Timestamp(milliseconds: try row.int64(4)))
        }
    }
}
