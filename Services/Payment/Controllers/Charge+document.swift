import Contracts

extension Charge {
    /// The charge as other services see it.
    var document: ChargeDocument {
        ChargeDocument(
            chargeKey: key, paymentId: paymentID, bookingId: bookingID, state: state,
            amountMinorUnits: amount.minorUnits, refundedMinorUnits: refundedMinorUnits, currency: amount.currency.code,
            declineCode: declineCode)
    }

    /// The charge as its payer sees it.
    var paymentDocument: PaymentDocument {
        PaymentDocument(
            paymentId: paymentID, reference: reference, status: status, amount: amount.amount,
            refundedAmount: Money(minorUnits: refundedMinorUnits, currency: amount.currency).amount,
            currency: amount.currency.code, bookingId: bookingID, createdAt: createdAt)
    }
}
