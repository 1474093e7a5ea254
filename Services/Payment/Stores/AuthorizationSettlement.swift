import Contracts
import DatabaseKit

/// What the provider's word does to a payment made before a purchase, in the transaction of the caller.
enum AuthorizationSettlement {
    /// Records `outcome` where it is news, and returns the payment as it is afterwards.
    static func settle(
        _ payment: Authorization, _ outcome: ProviderOutcome, at now: Timestamp, _ session: any SQLSession
    ) throws -> Authorization {
        switch (payment.state, outcome) {
        case (.pending, .authorized(let reference)), (.pending, .captured(let reference)):
            return try move(payment, to: .authorized, .authorize, reference: reference, at: now, session)
        case (.pending, .declined(let code)), (.releasing, .declined(let code)):
            _ = try AuthorizationTable.move(
                payment.paymentID, from: payment.state, to: .declined, declineCode: code, session)
            return payment.moved(to: .declined, declineCode: code)
        case (.pending, .voided), (.releasing, .voided):
            return try move(payment, to: .voided, .void, reference: nil, at: now, session)
        default: return payment
        }
    }

    /// Records that money was taken without a claim and given back whole.
    static func settleReturned(
        _ payment: Authorization, captured: String, refunded: String, at now: Timestamp, _ session: any SQLSession
    ) throws {
        guard try AuthorizationTable.move(payment.paymentID, from: .releasing, to: .voided, session) else { return }
        for (kind, reference) in [(LedgerTable.Kind.capture, captured), (.refund, refunded)] {
            try LedgerTable.append(
                kind, payment.providerKey, payment.amount, reference: reference, at: now, session)
        }
    }

    private static func move(
        _ payment: Authorization, to state: Authorization.State, _ kind: LedgerTable.Kind, reference: String?,
        at now: Timestamp, _ session: any SQLSession
    ) throws -> Authorization {
        guard try AuthorizationTable.move(payment.paymentID, from: payment.state, to: state, session) else {
            return try AuthorizationTable.find(payment.paymentID, session) ?? payment
        }
        try LedgerTable.append(kind, payment.providerKey, payment.amount, reference: reference, at: now, session)
        return payment.moved(to: state)
    }
}
