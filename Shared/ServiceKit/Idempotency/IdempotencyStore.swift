package import Contracts
package import DatabaseKit

/// What is known of idempotency keys, in the database of the service whose effects they guard.
///
/// These are functions on a session of the caller's own transaction, so that a key and the effect it stands for are
/// stored together or not at all.
package struct IdempotencyStore: Sendable {
    /// What a key means for the request that carries it.
    package enum Beginning: Sendable, Hashable {
        /// Nobody acts under this key: act, then complete or abandon the claim.
        case started(IdempotencyClaim)
        /// The request was executed: give this answer again.
        case replay(StoredReply)
        /// Another request with this key is being executed; what remains of its lease.
        case inFlight(retryAfter: Duration)
        /// The key was used for another request.
        case mismatch
    }

    /// What a request is known by.
    package struct Name: Sendable, Hashable {
        /// The user who sent it.
        let scope: String
        let key: IdempotencyKey

        package init(scope: String, key: IdempotencyKey) {
            self.scope = scope
            self.key = key
        }
    }

    /// How long answers are kept.
    package static let retention: Duration = .seconds(24 * 3600)

    package init() {}

    /// The statements that make the table; for the service's own list of migrations.
    package static func statements(_ dialect: SQLDialect) -> [String] {
        [
            """
            CREATE TABLE idempotency_keys (
                scope TEXT NOT NULL,
                key TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                claim BIGINT NOT NULL,
                lease_until BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                status BIGINT,
                content_type TEXT,
                body TEXT,
                PRIMARY KEY (scope, key)
            ) \(dialect.keyOrdered)
            """,
            "CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)",
        ]
    }

    /// Claims `key` for a request of `scope`, the user who sends it, or says what became of an earlier one.
    ///
    /// - Parameters:
    ///   - lease: how long nobody else may act under the key; one whose process died is taken over afterwards
    package func begin(
        _ session: any SQLSession, scope: String, key: IdempotencyKey, fingerprint: String, now: Timestamp,
        lease: Duration = .seconds(30)
    ) throws -> Beginning {
        let known = try row(session, scope, key)
        if let known, let beginning = try self.beginning(of: known, fingerprint, now) { return beginning }
        let claimNumber = try known?.int64("claim") ?? 0
        return try claim(session, scope, key, fingerprint, claim: claimNumber + 1, now, lease)
    }

    /// What became of an earlier request under `key`, without claiming it: nil when a new request may act.
    ///
    /// Lets a repeat be answered before any costly or contended step.
    package func find(
        _ session: any SQLSession, scope: String, key: IdempotencyKey, fingerprint: String, now: Timestamp
    ) throws -> Beginning? {
        try row(session, scope, key).flatMap { try beginning(of: $0, fingerprint, now) }
    }

    /// Which of `names`, up to 64, are stored, whatever they mean.
    package func known(_ names: Set<Name>, _ session: any SQLSession) throws -> Set<Name> {
        guard !names.isEmpty else { return [] }
        let named = Array(names)
        let pairs = (0..<named.count).map { "(scope = $\(2 * $0 + 1) AND key = $\(2 * $0 + 2))" }
        let rows = try session.query(
            "SELECT scope, key FROM idempotency_keys WHERE \(pairs.joined(separator: " OR "))",
            named.flatMap { [$0.scope, $0.key.text] })
        return Set(
            try rows.compactMap { row in
                try IdempotencyKey(row.string(1)).map { Name(scope: try row.string(0), key: $0) }
            })
    }

    private func row(_ session: any SQLSession, _ scope: String, _ key: IdempotencyKey) throws -> SQLRow? {
        try session.first(
            """
            SELECT fingerprint, claim, lease_until, created_at, status, content_type, body
            FROM idempotency_keys WHERE scope = $1 AND key = $2
            """, scope, key.text)
    }

    /// What a stored row means for a repeat; nil when its time is over and the key may be claimed anew.
    private func beginning(of known: SQLRow, _ fingerprint: String, _ now: Timestamp) throws -> Beginning? {
        guard try known.int64("created_at") > (now - Self.retention).milliseconds else { return nil }
        guard try known.string("fingerprint") == fingerprint else { return .mismatch }
        if let status = try known.optionalInt("status") {
            return .replay(
                StoredReply(
                    status: status, contentType: try known.string("content_type"), body: try known.string("body")))
        }
        let remaining = try known.int64("lease_until") - now.milliseconds
        return remaining > 0 ? .inFlight(retryAfter: .milliseconds(remaining)) : nil
    }

    private func claim(
        _ session: any SQLSession, _ scope: String, _ key: IdempotencyKey, _ fingerprint: String, claim: Int64,
        _ now: Timestamp, _ lease: Duration
    ) throws -> Beginning {
        try session.execute(
            """
            INSERT INTO idempotency_keys (scope, key, fingerprint, claim, lease_until, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (scope, key) DO UPDATE SET
                fingerprint = $3, claim = $4, lease_until = $5, created_at = $6,
                status = NULL, content_type = NULL, body = NULL
            """,
            scope, key.text, fingerprint, claim, (now + lease).milliseconds, now.milliseconds)
        return .started(IdempotencyClaim(scope: scope, key: key, number: claim))
    }

    /// Keeps the answer of an executed request.
    ///
    /// - Returns: false when the claim was taken over meanwhile: then nothing is kept, and nothing of the caller's
    ///   transaction should be
    @discardableResult
    package func complete(_ session: any SQLSession, _ claim: IdempotencyClaim, _ reply: StoredReply) throws -> Bool {
        try session.execute(
            """
            UPDATE idempotency_keys SET status = $4, content_type = $5, body = $6
            WHERE scope = $1 AND key = $2 AND claim = $3 AND status IS NULL
            """,
            claim.scope, claim.key.text, claim.number, reply.status, reply.contentType, reply.body) == 1
    }

    /// Keeps the answer of a request that is executed in this very transaction: one row, written once, without a claim
    /// before it.
    ///
    /// Call it when ``find(_:scope:key:fingerprint:now:)`` has said in the same transaction that the key is free.
    ///
    /// - Throws: ``Problem`` `request-in-progress` when another transaction took the key meanwhile; nothing of the
    ///   caller's transaction may be kept then
    package func keep(
        _ session: any SQLSession, scope: String, key: IdempotencyKey, fingerprint: String, now: Timestamp,
        _ reply: StoredReply
    ) throws {
        try session.demand(
            rows: 1, orThrow: Problem.requestInProgress(retryAfter: .seconds(1)),
            """
            INSERT INTO idempotency_keys (
                scope, key, fingerprint, claim, lease_until, created_at, status, content_type, body)
            VALUES ($1, $2, $3, 1, $4, $4, $5, $6, $7)
            ON CONFLICT (scope, key) DO UPDATE SET
                fingerprint = $3, claim = idempotency_keys.claim + 1, lease_until = $4, created_at = $4,
                status = $5, content_type = $6, body = $7
            WHERE idempotency_keys.created_at <= $8
            OR (idempotency_keys.status IS NULL AND idempotency_keys.lease_until <= $4)
            """,
            scope, key.text, fingerprint, now.milliseconds, reply.status, reply.contentType, reply.body,
            (now - Self.retention).milliseconds)
    }

    /// Lets go of a claim whose request had no effect, so that the key can be used again at once.
    package func abandon(_ session: any SQLSession, _ claim: IdempotencyClaim) throws {
        try session.execute(
            "DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2 AND claim = $3 AND status IS NULL",
            claim.scope, claim.key.text, claim.number)
    }

    /// Forgets up to `limit` keys that are older than `time`.
    ///
    /// - Returns: how many were forgotten
    @discardableResult
    package func purge(_ session: any SQLSession, before time: Timestamp, limit: Int = 1000) throws -> Int {
        try session.execute(
            """
            DELETE FROM idempotency_keys WHERE (scope, key) IN (
                SELECT scope, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2)
            """,
            time.milliseconds, limit)
    }
}

/// The right to act under a key until its lease ends.
package struct IdempotencyClaim: Sendable, Hashable {
    package let scope: String
    package let key: IdempotencyKey
    /// Grows with every take-over, so that a late owner can be told from its successor.
    package let number: Int64

    /// The claim as its owner has kept it beside what it acts upon, for a worker that finishes after a crash.
    package init(scope: String, key: IdempotencyKey, number: Int64) {
        self.scope = scope
        self.key = key
        self.number = number
    }
}
