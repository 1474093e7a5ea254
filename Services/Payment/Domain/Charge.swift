import Contracts

/// A charge of a buyer, as stored: who pays what for which booking, and how far it has come.
struct Charge: Sendable, Hashable {
    /// Names the charge.
    let key: String
    let paymentID: String
    /// What people quote: `PAY_…`.
    let reference: String
    let bookingID: String
    let userID: String
    let amount: Money
    let state: ChargeState
    let declineCode: String?
    /// The last four digits of the card; nothing else of a card is ever kept.
    let lastFour: String?
    let createdAt: Timestamp
    /// Whether it takes the money of a payment that was authorized before, under that payment's id and reference.
    let isClaimed: Bool
    /// The sum of the ledger's refunds, in minor units.
    let refundedMinorUnits: Int64

    /// The key that the provider knows the money by.
    var providerKey: String { isClaimed ? Authorization.providerKey(of: paymentID) : key }

    /// What the payment looks like to its payer.
    var status: String {
        guard state == .captured, refundedMinorUnits > 0 else { return state.rawValue }
        return refundedMinorUnits < amount.minorUnits ? "PartiallyRefunded" : "Refunded"
    }

    /// Whether `order` is the order that made this charge, sent again.
    ///
    /// The card is no part of it: it was never kept to compare with.
    func isMade(by order: ChargeOrder) -> Bool {
        order.bookingID == bookingID && order.userID == userID && order.amount == amount
    }
}

/// What a charge is made from: the charge before it has a state.
struct ChargeOrder: Sendable, Hashable {
    let key: String
    let bookingID: String
    let userID: String
    let amount: Money
}
