import Contracts

extension Payment {
    /// The payment as its payer sees it.
    var document: PaymentDocument {
        switch self {
        case .authorization(let payment): payment.document
        case .charge(let charge): charge.paymentDocument
        }
    }
}

extension Authorization {
    /// The payment as its payer sees it.
    var document: PaymentDocument {
        PaymentDocument(
            paymentId: paymentID, reference: reference, status: status, amount: amount.amount,
            refundedAmount: Money(minorUnits: 0, currency: amount.currency).amount, currency: amount.currency.code,
            bookingId: nil, createdAt: createdAt)
    }

    /// What can no longer be bought with is as good as voided to its payer; a claimed payment is shown as its booking's
    /// charge, and this only until that is there.
    private var status: String {
        switch state {
        case .releasing: State.voided.rawValue
        case .claimed: State.pending.rawValue
        case .pending, .authorized, .declined, .voided: state.rawValue
        }
    }
}

extension Difference {
    /// The difference as operators see it.
    var document: PaymentDifference {
        PaymentDifference(
            differenceId: id, kind: kind.rawValue, paymentKey: paymentKey, bookingId: bookingID, detail: detail,
            mended: isMended, foundAt: foundAt)
    }
}
