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

    /// The payment called `paymentID`, if `userID` made it.
    func find(paymentID: String, of userID: String) async throws -> Charge? {
        try await database.read { try ChargeTable.find(paymentID: paymentID, of: userID, $0) }
    }

    /// Stores the intent to charge, or returns the charge that has the key already.
    func begin(_ order: ChargeOrder, lastFour: String?, at now: Timestamp) async throws -> Charge {
        let charge = Charge(order, .pending, lastFour: lastFour, at: now)
        return try await database.write { session in
            if try ChargeTable.insert(charge, session) { return charge }
            return try Self.existing(order, session)
        }
    }

    /// Records what the provider said of a pending charge, and returns the charge as it is afterwards; one that has
    /// left `Pending` stays as it is.
    func settle(_ key: String, _ outcome: ProviderOutcome, at now: Timestamp) async throws -> Charge {
        try await database.write { session in
            guard let charge = try ChargeTable.find(key, session) else { throw PaymentRefusal.noSuchCharge }
            guard charge.state == .pending else { return charge }
            switch outcome {
            case .undecided: return charge
            case .captured(let reference):
                _ = try ChargeTable.move(
                    key, from: .pending, to: .captured, reference: reference, at: now, session)
                for kind in [LedgerTable.Kind.authorize, .capture] {
                    try LedgerTable.append(kind, key, charge.amount, reference: reference, at: now, session)
                }
                return charge.moved(to: .captured)
            case .declined(let code):
                _ = try ChargeTable.move(key, from: .pending, to: .declined, declineCode: code, at: now, session)
                return charge.moved(to: .declined, declineCode: code)
            case .voided:
                return try Self.void(charge, at: now, session)
            }
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
            return charge.state == .declined ? try Self.void(charge, at: now, session) : charge
        }
    }

    private static func void(_ charge: Charge, at now: Timestamp, _ session: any SQLSession) throws -> Charge {
        _ = try ChargeTable.move(charge.key, from: charge.state, to: .voided, at: now, session)
        try LedgerTable.append(.void, charge.key, charge.amount, reference: nil, at: now, session)
        return charge.moved(to: .voided, declineCode: charge.declineCode)
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
            key: order.key, paymentID: UUIDv7.make(at: now), reference: "PAY_" + SecureRandom.readable(16),
            bookingID: order.bookingID, userID: order.userID, amount: order.amount, state: state, declineCode: nil,
            lastFour: lastFour, createdAt: now, refundedMinorUnits: 0)
    }

    fileprivate func moved(to state: ChargeState, declineCode: String? = nil) -> Charge {
        Charge(
            key: key, paymentID: paymentID, reference: reference, bookingID: bookingID, userID: userID, amount: amount,
            state: state, declineCode: declineCode, lastFour: lastFour, createdAt: createdAt,
            refundedMinorUnits: refundedMinorUnits)
    }
}
