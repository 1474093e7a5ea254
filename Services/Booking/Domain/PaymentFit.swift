import Contracts

/// Whether what a buyer sent is enough to pay a total with.
enum PaymentFit: Sendable, Hashable {
    case fits
    /// The buyer believes to pay another amount.
    case amountDiffers
    /// The total is not zero and there is nothing to charge.
    case paymentMissing

    init(of payment: PaymentMethod?, to total: Money) {
        if let amount = payment?.amount, amount.minorUnits(of: total.currency) != total.minorUnits {
            self = .amountDiffers
        } else if total.minorUnits > 0, payment?.isChargeable != true {
            self = .paymentMissing
        } else {
            self = .fits
        }
    }
}

extension PaymentMethod {
    /// Whether there is a card, a token or a payment made before in it.
    var isChargeable: Bool {
        [method, cardNumber, reference].contains { $0?.isEmpty == false }
    }
}
