import Contracts
import DatabaseKit
import ServiceKit

/// The messages of the provider: each is stored and takes effect once, in one transaction.
struct InboxStore: Sendable {
    let database: any Database

    /// Stores `event` and does what it says; false when it was there already.
    func receive(_ event: ProviderEvent, from provider: String, payload: String, at now: Timestamp) async throws -> Bool
    {
        try await database.write { session in
            let isNew = try session.execute(
                """
                INSERT INTO webhook_events (provider, event_id, kind, payment_key, payload, received_at)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (provider, event_id) DO NOTHING
                """, provider, event.id, event.kind, event.subject.paymentKey, payload, now)
            guard isNew == 1 else { return false }
            switch event.subject {
            case .payment(let key, let outcome): try Self.apply(outcome, to: key, at: now, session)
            case .refund(let key, let paymentKey, let outcome):
                try Self.apply(outcome, toRefund: key, of: paymentKey, at: now, session)
            case .other: break
            }
            return true
        }
    }

    /// Forgets up to `limit` messages that came before `time`; how many.
    @discardableResult
    func purge(before time: Timestamp, limit: Int) async throws -> Int {
        try await database.write { session in
            try session.execute(
                """
                DELETE FROM webhook_events WHERE (provider, event_id) IN (
                    SELECT provider, event_id FROM webhook_events WHERE received_at < $1 ORDER BY received_at LIMIT $2)
                """, time, limit)
        }
    }

    private static func apply(
        _ outcome: ProviderOutcome, to key: String, at now: Timestamp, _ session: any SQLSession
    ) throws {
        if let charge = try ChargeTable.find(providerKey: key, session) {
            _ = try ChargeSettlement.settle(charge, outcome, at: now, session)
            // What cannot be recorded so is compared with the provider soon.
            if charge.state != .pending { try ChargeTable.touch(charge.key, at: now, session) }
        } else if let id = Authorization.paymentID(inProviderKey: key),
            let payment = try AuthorizationTable.find(id, session)
        {
            _ = try AuthorizationSettlement.settle(payment, outcome, at: now, session)
        }
    }

    private static func apply(
        _ outcome: ProviderRefundOutcome, toRefund key: String, of paymentKey: String, at now: Timestamp,
        _ session: any SQLSession
    ) throws {
        guard let charge = try ChargeTable.find(providerKey: paymentKey, session) else { return }
        let refunds = try RefundStore.pending(of: charge.key, session)
        guard let refund = refunds.first(where: { $0.providerKey == key }) else { return }
        _ = try RefundSettlement.settle(refund, outcome, at: now, session)
    }
}
