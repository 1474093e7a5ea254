import Contracts
import DatabaseKit

/// The charges and the transactions that move them. Every move is a compare-and-set on the state, together with its
/// ledger entry.
struct ChargeStore: Sendable {
    let database: any Database

    /// The charge called `key`.
    func find(_ key: String) async throws -> Charge? {
        try await database.read { try ChargeTable.find(key, $0) }
    }

    /// The charge of the payment called `paymentID`, whoever made it.
    func find(paymentID: String) async throws -> Charge? {
        try await database.read { try ChargeTable.find(paymentID: paymentID, $0) }
    }

    /// Up to `limit` pending charges that have not changed since `time`, in the order of their keys, from after one.
    func pending(since time: Timestamp, after key: String, limit: Int) async throws -> [Charge] {
        try await database.read { try ChargeTable.pending(since: time, after: key, limit: limit, $0) }
    }

    /// Stores the intent to charge, or returns the charge that has the key already.
    func begin(_ order: ChargeOrder, lastFour: String?, at now: Timestamp) async throws -> Charge {
        let charge = Charge(order, .pending, lastFour: lastFour, at: now)
        return try await database.write { session in
            if try ChargeTable.insert(charge, session) { return charge }
            return try Self.existing(order, session)
        }
    }

    /// Claims the authorized payment called `reference` for the order's booking and stores the intent to capture it, or
    /// returns the charge that has the key already.
    ///
    /// Throws ``PaymentRefusal``: `referenceInvalid`, `referenceUsed`, `chargeKeyReused`.
    func claim(_ reference: String, _ order: ChargeOrder, at now: Timestamp) async throws -> Charge {
        try await database.write { session in
            if let known = try ChargeTable.find(order.key, session) {
                let isSame = known.isMade(by: order) && (known.state == .voided || known.reference == reference)
                guard isSame else { throw PaymentRefusal.chargeKeyReused }
                return known
            }
            let payment = try AuthorizationTable.claim(reference, for: order, at: now, session)
            let charge = Charge(
                key: order.key, paymentID: payment.paymentID, reference: reference, bookingID: order.bookingID,
                userID: order.userID, amount: order.amount, state: .pending, declineCode: nil,
                lastFour: payment.lastFour, createdAt: now, isClaimed: true, refundedMinorUnits: 0)
            guard try ChargeTable.insert(charge, session) else { throw PaymentRefusal.chargeKeyReused }
            return charge
        }
    }

    /// Records what the provider said of a pending charge, and returns the charge as it is afterwards; one that has
    /// left `Pending` stays as it is.
    func settle(_ key: String, _ outcome: ProviderOutcome, at now: Timestamp) async throws -> Charge {
        try await database.write { session in
            guard let charge = try ChargeTable.find(key, session) else { throw PaymentRefusal.noSuchCharge }
            return try ChargeSettlement.settle(charge, outcome, at: now, session)
        }
    }

    /// Makes sure that a charge which the provider never heard of cannot begin: inserts it voided, or voids what took
    /// no money. Returns the charge as it is afterwards: `Pending` and `Captured` ones stay, for the provider decides.
    func exclude(_ order: ChargeOrder, at now: Timestamp) async throws -> Charge {
        let voided = Charge(order, .voided, lastFour: nil, at: now)
        return try await database.write { session in
            if try ChargeTable.insert(voided, session) {
                try LedgerTable.append(.void, order.key, order.amount, reference: nil, at: now, session)
                return voided
            }
            let charge = try Self.existing(order, session)
            return charge.state == .declined ? try ChargeSettlement.void(charge, at: now, session) : charge
        }
    }

    private static func existing(_ order: ChargeOrder, _ session: any SQLSession) throws -> Charge {
        guard let charge = try ChargeTable.find(order.key, session) else { throw PaymentRefusal.noSuchCharge }
        guard charge.isMade(by: order) else { throw PaymentRefusal.chargeKeyReused }
        return charge
    }
}

extension Charge {
    /// A new charge for `order`.
    fileprivate init(_ order: ChargeOrder, _ state: ChargeState, lastFour: String?, at now: Timestamp) {
        self.init(
            key: order.key, paymentID: UUIDv7.make(at: now), reference: Authorization.newReference(),
            bookingID: order.bookingID, userID: order.userID, amount: order.amount, state: state, declineCode: nil,
            lastFour: lastFour, createdAt: now, isClaimed: false, refundedMinorUnits: 0)
    }
}
