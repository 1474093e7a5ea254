import Contracts
import DatabaseKit
import ServiceKit

/// What reconciliation reads and mends in the books here. Each mending is one transaction that first looks whether what
/// was compared is still so.
struct ComparisonStore: Sendable {
    /// What the books say of a charge: read before the provider is asked.
    struct Books: Sendable, Hashable {
        let charge: Charge
        let balance: LedgerTable.Balance
        /// Whether a refund is on its way: then sums are compared later.
        let hasPendingRefund: Bool
    }

    let database: any Database

    /// Names the place that charges were compared up to.
    private static let placeName = "charges"
    /// The key of the refund of what was taken too late.
    static let lateRefundKey = "late-capture"

    /// Whether anything has not changed since `time` and is still to be finished or compared.
    func hasWork(since time: Timestamp) async throws -> Bool {
        try await database.read { session in
            let place = try Self.place(session)
            let statements: [(String, [any SQLValueConvertible])] = [
                ("SELECT 1 FROM charges WHERE state = 'Pending' AND updated_at <= $1 LIMIT 1", [time]),
                ("SELECT 1 FROM refunds WHERE state <> 'Succeeded' AND updated_at <= $1 LIMIT 1", [time]),
                ("SELECT 1 FROM authorizations WHERE state = 'Pending' AND created_at <= $1 LIMIT 1", [time]),
            ]
            for (sql, parameters) in statements where try !session.query(sql, parameters).isEmpty { return true }
            return try !ChargeTable.changed(after: place, until: time, limit: 1, session).isEmpty
        }
    }

    /// Up to `limit` charges with an outcome that have changed since they were compared, but not since `time`.
    func next(until time: Timestamp, limit: Int) async throws -> [(charge: Charge, place: ReconciliationPlace)] {
        try await database.read { session in
            try ChargeTable.changed(after: Self.place(session), until: time, limit: limit, session)
        }
    }

    /// Remembers how far charges were compared.
    func advance(to place: ReconciliationPlace) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO reconciliation_places (name, changed_at, charge_key) VALUES ($1, $2, $3)
                ON CONFLICT (name) DO UPDATE SET changed_at = excluded.changed_at, charge_key = excluded.charge_key
                """, Self.placeName, place.changedAt, place.chargeKey)
        }
    }

    /// What the books say of the charge called `key`.
    func books(of key: String) async throws -> Books? {
        try await database.read { try Self.books(of: key, $0) }
    }

    /// Whether the books still say `books`.
    func isUnchanged(_ books: Books) async throws -> Bool { try await self.books(of: books.charge.key) == books }

    /// Records money that was taken for a charge which has ended without any, and the intent to give it back; false
    /// when the books have changed meanwhile.
    func recordLateCapture(_ books: Books, reference: String, at now: Timestamp) async throws -> Bool {
        try await database.write { session in
            let charge = books.charge
            guard try Self.books(of: charge.key, session) == books else { return false }
            _ = try ChargeSettlement.capture(charge, from: charge.state, reference: reference, at: now, session)
            try Self.insert(Self.lateRefundKey, charge, charge.amount.minorUnits, state: .pending, at: now, session)
            return true
        }
    }

    /// Records money that went back at the provider without being told; false when the books have changed meanwhile.
    func recordRefund(_ books: Books, minorUnits: Int64, at now: Timestamp) async throws -> Bool {
        try await database.write { session in
            let charge = books.charge
            guard try Self.books(of: charge.key, session) == books else { return false }
            let key = "provider-\(books.balance.refunded + minorUnits)"
            let refund = try Self.insert(key, charge, minorUnits, state: .succeeded, at: now, session)
            try RefundSettlement.record(refund, charge, reference: nil, at: now, session)
            return true
        }
    }

    @discardableResult
    private static func insert(
        _ key: String, _ charge: Charge, _ minorUnits: Int64, state: Refund.State, at now: Timestamp,
        _ session: any SQLSession
    ) throws -> Refund {
        try session.execute(
            """
            INSERT INTO refunds (charge_key, refund_key, amount, state, attempt, created_at, updated_at)
            VALUES ($1, $2, $3, $4, 1, $5, $5)
            """, charge.key, key, minorUnits, state.rawValue, now)
        return Refund(chargeKey: charge.key, key: key, minorUnits: minorUnits, state: state, attempt: 1)
    }

    private static func books(of key: String, _ session: any SQLSession) throws -> Books? {
        guard let charge = try ChargeTable.find(key, session) else { return nil }
        return Books(
            charge: charge, balance: try LedgerTable.balance(of: key, session),
            hasPendingRefund: try !RefundStore.pending(of: key, session).isEmpty)
    }

    private static func place(_ session: any SQLSession) throws -> ReconciliationPlace {
        try session.first(
            "SELECT changed_at, charge_key FROM reconciliation_places WHERE name = $1", placeName
        ).map { row in
            ReconciliationPlace(changedAt: try row.timestamp("changed_at"), chargeKey: try row.string("charge_key"))
        } ?? .beginning
    }
}
