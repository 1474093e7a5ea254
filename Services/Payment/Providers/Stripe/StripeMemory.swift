import DatabaseKit

/// Which of Stripe's payment intents belongs to which of our keys.
///
/// Stripe forgets idempotency keys after a day and finds nothing by ours, so what an intent is for is remembered here:
/// of several intents that were made for one key, replies lost, only the one that is remembered is ever confirmed.
struct StripeMemory: Sendable {
    struct Entry: Sendable, Hashable {
        /// Nil for a key that was voided before there was an intent.
        let intentID: String?
        /// Whether the key was voided.
        let isClosed: Bool
    }

    let database: any Database

    static let statements: @Sendable (SQLDialect) -> [String] = { dialect in
        [
            """
            CREATE TABLE stripe_intents (
                payment_key TEXT NOT NULL PRIMARY KEY,
                intent_id TEXT,
                closed BIGINT NOT NULL
            ) \(dialect.keyOrdered)
            """
        ]
    }

    func entry(_ key: String) async throws -> Entry? {
        try await database.read { try Self.find(key, $0) }
    }

    /// Remembers `intentID` unless the key is known, and returns what is remembered under it.
    func remember(_ key: String, _ intentID: String) async throws -> Entry {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO stripe_intents (payment_key, intent_id, closed) VALUES ($1, $2, 0)
                ON CONFLICT (payment_key) DO NOTHING
                """, key, intentID)
            return try Self.find(key, session) ?? Entry(intentID: intentID, isClosed: false)
        }
    }

    /// Remembers that the key was voided, and returns what is remembered under it.
    func close(_ key: String) async throws -> Entry {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO stripe_intents (payment_key, intent_id, closed) VALUES ($1, NULL, 1)
                ON CONFLICT (payment_key) DO UPDATE SET closed = 1
                """, key)
            return try Self.find(key, session) ?? Entry(intentID: nil, isClosed: true)
        }
    }

    private static func find(_ key: String, _ session: any SQLSession) throws -> Entry? {
        try session.first("SELECT intent_id, closed FROM stripe_intents WHERE payment_key = $1", key).map {
            Entry(intentID: try $0.optionalString("intent_id"), isClosed: try $0.bool("closed"))
        }
    }
}
