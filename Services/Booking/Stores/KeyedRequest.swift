import Contracts
import DatabaseKit
import ServiceKit

/// A request that carries an idempotency key and acts in one transaction, in which its answer is kept.
struct KeyedRequest: Sendable, Hashable {
    /// The user who sent it.
    let scope: String
    let key: IdempotencyKey
    /// Tells it from another request under the same key.
    let fingerprint: String

    /// What became of an earlier request under the key; nil when this one may act.
    func known(
        _ keys: IdempotencyStore, at now: Timestamp, _ session: any SQLSession
    ) throws -> IdempotencyStore.Beginning? {
        try keys.find(session, scope: scope, key: key, fingerprint: fingerprint, now: now)
    }

    /// Keeps the answer of what the caller's transaction does.
    func keep(_ reply: StoredReply, _ keys: IdempotencyStore, at now: Timestamp, _ session: any SQLSession) throws {
        try keys.keep(session, scope: scope, key: key, fingerprint: fingerprint, now: now, reply)
    }
}
