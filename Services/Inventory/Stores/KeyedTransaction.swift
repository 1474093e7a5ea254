import Contracts
import DatabaseKit
import HTTPKit
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
    /// When the caller stops waiting; nil for one who waits for ever.
    var deadline: Deadline?
    /// The reply to keep for repeats.
    let reply: @Sendable (Value) throws -> StoredReply

    /// - Throws: `CancellationError` when nobody waits any more. A process that hung takes up its work where it was,
    ///   before anything could cancel it; whoever was told that the outcome is unknown should find that nothing was
    ///   done, rather than places that are held for nobody.
    func run(in session: any SQLSession, _ execute: () throws -> Value) throws -> KeyedOutcome<Value> {
        if isTooLate { throw CancellationError() }
        guard let order else { return .executed(try execute(), nil) }
        let known = try IdempotencyStore().find(
            session, scope: order.userID, key: order.key, fingerprint: order.fingerprint, now: now)
        if let known { return .repeated(known) }
        let value = try execute()
        let reply = try reply(value)
        try keep(reply, in: session)
        return .executed(value, reply)
    }

    /// Whether nobody waits any more.
    var isTooLate: Bool { deadline?.hasPassed ?? false }

    /// What the request is known by; nil without a key.
    var name: IdempotencyStore.Name? {
        order.map { IdempotencyStore.Name(scope: $0.userID, key: $0.key) }
    }

    /// Keeps the reply for repeats, where the request has a key.
    func keep(_ reply: StoredReply, in session: any SQLSession) throws {
        guard let order else { return }
        try IdempotencyStore().keep(
            session, scope: order.userID, key: order.key, fingerprint: order.fingerprint, now: now, reply)
    }
}
