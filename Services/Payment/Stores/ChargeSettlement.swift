import Contracts
import DatabaseKit

/// What the provider's word does to a charge: its state and its ledger entries, in the transaction of the caller.
enum ChargeSettlement {
    /// Records `outcome` of a pending charge, and returns the charge as it is afterwards; one that has left `Pending`
    /// stays as it is.
    static func settle(
        _ charge: Charge, _ outcome: ProviderOutcome, at now: Timestamp, _ session: any SQLSession
    ) throws -> Charge {
        guard charge.state == .pending else { return charge }
        switch outcome {
        // Agreed to, not taken: a claimed charge asks for it again, any other takes both in one step.
        case .undecided, .authorized: return charge
        case .captured(let reference):
            return try capture(charge, from: .pending, reference: reference, at: now, session)
        case .declined(let code):
            _ = try ChargeTable.move(
                charge.key, from: .pending, to: .declined, declineCode: code, at: now, session)
            return charge.moved(to: .declined, declineCode: code)
        case .voided:
            return try void(charge, at: now, session)
        }
    }

    /// Records that the money was taken, in `state` unexpectedly so.
    static func capture(
        _ charge: Charge, from state: ChargeState, reference: String, at now: Timestamp, _ session: any SQLSession
    ) throws -> Charge {
        guard try ChargeTable.move(charge.key, from: state, to: .captured, reference: reference, at: now, session)
        else { return try ChargeTable.find(charge.key, session) ?? charge }
        // The bank's consent to a claimed payment is in the ledger since it was given.
        let kinds: [LedgerTable.Kind] = charge.isClaimed ? [.capture] : [.authorize, .capture]
        for kind in kinds {
            try LedgerTable.append(kind, charge.key, charge.amount, reference: reference, at: now, session)
        }
        return charge.moved(to: .captured)
    }

    /// Records that the charge was given up.
    static func void(_ charge: Charge, at now: Timestamp, _ session: any SQLSession) throws -> Charge {
        _ = try ChargeTable.move(charge.key, from: charge.state, to: .voided, at: now, session)
        try LedgerTable.append(.void, charge.key, charge.amount, reference: nil, at: now, session)
        return charge.moved(to: .voided, declineCode: charge.declineCode)
    }
}

extension Charge {
    fileprivate func moved(to state: ChargeState, declineCode: String? = nil) -> Charge {
        Charge(
            key: key, paymentID: paymentID, reference: reference, bookingID: bookingID, userID: userID, amount: amount,
            state: state, declineCode: declineCode, lastFour: lastFour, createdAt: createdAt, isClaimed: isClaimed,
            refundedMinorUnits: refundedMinorUnits)
    }
}
