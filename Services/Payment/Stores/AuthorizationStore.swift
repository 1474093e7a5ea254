import Contracts
import DatabaseKit
import ServiceKit

/// The payments made before a purchase, and the transactions that move them. Every move is a compare-and-set on the
/// state, together with its ledger entry.
struct AuthorizationStore: Sendable {
    let database: any Database

    /// How many payments a buyer may have that nothing was bought with.
    static let unclaimedMax = 10

    /// The payment called `paymentID`, whoever made it.
    func find(_ paymentID: String) async throws -> Authorization? {
        try await database.read { try AuthorizationTable.find(paymentID, $0) }
    }

    /// Stores the intent to authorize, or returns what an earlier attempt of the same intent left.
    ///
    /// Throws ``PaymentRefusal``: `intentReused`, `tooManyUnclaimed`.
    func begin(
        _ order: AuthorizationOrder, lastFour: String?, lifetime: Duration, at now: Timestamp
    ) async throws -> Authorization {
        let new = Authorization(
            paymentID: UUIDv7.make(at: now), reference: Authorization.newReference(), userID: order.userID,
            amount: order.amount, state: .pending, declineCode: nil, lastFour: lastFour, createdAt: now,
            expiresAt: now + lifetime, returnAttempt: 1)
        return try await database.write { session in
            if let intent = order.intent,
                let known = try AuthorizationTable.find(
                    intent: intent, of: order.userID, since: now - IdempotencyStore.retention, session)
            {
                guard known.amount == order.amount else { throw PaymentRefusal.intentReused }
                return known
            }
            guard try AuthorizationTable.unclaimed(of: order.userID, session) < Self.unclaimedMax else {
                throw PaymentRefusal.tooManyUnclaimed
            }
            try AuthorizationTable.insert(new, intent: order.intent, session)
            return new
        }
    }

    /// Records what the provider said of a payment, and returns it as it is afterwards; one whose outcome is known
    /// stays as it is.
    func settle(_ paymentID: String, _ outcome: ProviderOutcome, at now: Timestamp) async throws -> Authorization {
        try await database.write { session in
            guard let known = try AuthorizationTable.find(paymentID, session) else {
                throw PaymentRefusal.noSuchCharge
            }
            return try AuthorizationSettlement.settle(known, outcome, at: now, session)
        }
    }

    /// Records that money was taken without a claim and given back whole.
    func settleReturned(_ payment: Authorization, captured: String, refunded: String, at now: Timestamp) async throws {
        try await database.write { session in
            try AuthorizationSettlement.settleReturned(
                payment, captured: captured, refunded: refunded, at: now, session)
        }
    }

    /// Records that the provider refused to give back what was taken without a claim: the next attempt has another key.
    func countReturn(_ payment: Authorization) async throws {
        try await database.write { try AuthorizationTable.countReturn(payment, $0) }
    }

    /// Makes a payment unclaimable, so that it can be given back; returns it as it is afterwards.
    func release(_ paymentID: String) async throws -> Authorization? {
        try await database.write { session in
            for state in [Authorization.State.authorized, .pending] {
                _ = try AuthorizationTable.move(paymentID, from: state, to: .releasing, session)
            }
            return try AuthorizationTable.find(paymentID, session)
        }
    }

    /// Whether a payment is due to be given back.
    func hasWork(at now: Timestamp) async throws -> Bool {
        try await database.read { try AuthorizationTable.hasWork(at: now, $0) }
    }

    /// Makes up to `limit` payments that nobody claimed in time unclaimable; returns how many.
    func expire(at now: Timestamp, limit: Int) async throws -> Int {
        try await database.write { try AuthorizationTable.expire(at: now, limit: limit, $0) }
    }

    /// Up to `limit` payments in `state` that were made by `time`, in the order of their ids, from after one.
    func all(
        in state: Authorization.State, madeBy time: Timestamp, after paymentID: String, limit: Int
    ) async throws -> [Authorization] {
        try await database.read {
            try AuthorizationTable.all(in: state, madeBy: time, after: paymentID, limit: limit, $0)
        }
    }
}
