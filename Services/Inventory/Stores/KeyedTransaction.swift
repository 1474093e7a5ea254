import Contracts
import DatabaseKit
import ServiceKit

/// What came of a request that may carry an idempotency key.
enum KeyedOutcome<Value: Sendable>: Sendable {
    /// Done; with the reply that was stored for repeats, where the request had a key.
    case executed(Value, StoredReply?)
    /// The request's key is known: the reply it had, or why it cannot be used.
    case repeated(IdempotencyStore.Beginning)
}

/// Executes a request and stores its key and reply beside what it changed, within a caller's transaction.
struct KeyedTransaction<Value: Sendable>: Sendable {
    /// Nil for a request without a key.
    let order: IdempotentOrder?
    let now: Timestamp
    /// The reply to keep for repeats.
    let reply: @Sendable (Value) throws -> StoredReply

    func run(in session: any SQLSession, _ execute: () throws -> Value) throws -> KeyedOutcome<Value> {
        guard let order else { return .executed(try execute(), nil) }
        let store = IdempotencyStore()
        let known = try store.find(
            session, scope: order.userID, key: order.key, fingerprint: order.fingerprint, now: now)
        if let known { return .repeated(known) }
        let value = try execute()
        let reply = try reply(value)
        try store.keep(
            session, scope: order.userID, key: order.key, fingerprint: order.fingerprint, now: now, reply)
        return .executed(value, reply)
    }
}
