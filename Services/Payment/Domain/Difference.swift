import Contracts

/// Something in which the provider's books, the ledger and the charges did not agree.
struct Difference: Sendable, Hashable {
    /// What was found; where it can be mended, mending is what was done about it.
    enum Kind: String, Sendable, CaseIterable {
        /// A charge was pending here and had an outcome at the provider: recorded.
        case outcomeUnrecorded
        /// A payment before a purchase was pending here and had an outcome at the provider: recorded.
        case authorizationUnrecorded
        /// A claimed payment was not captured yet: captured.
        case claimUnfinished
        /// A refund was not finished: given again under its key.
        case refundUnfinished
        /// Money was taken for a charge that was voided or declined here: recorded and given back.
        case capturedLate
        /// Money was taken for a payment that no booking had claimed: given back.
        case capturedUnclaimed
        /// The provider gave back more than the ledger says: recorded.
        case refundUnrecorded
        /// The provider gave back less than the ledger says.
        case refundMissing
        /// The provider knows of no money of a charge that is captured here.
        case captureMissing
        /// The ledger of a charge does not add up to its state.
        case ledgerUnbalanced
    }

    let id: String
    let kind: Kind
    /// The key of the charge, or of the payment before a purchase.
    let paymentKey: String
    let bookingID: String?
    /// More for the reader; never anything about a card.
    let detail: String
    let isMended: Bool
    let foundAt: Timestamp

    init(
        _ kind: Kind, _ paymentKey: String, bookingID: String?, detail: String = "", isMended: Bool, at now: Timestamp,
        id: String? = nil
    ) {
        self.id = id ?? UUIDv7.make(at: now)
        self.kind = kind
        self.paymentKey = paymentKey
        self.bookingID = bookingID
        self.detail = detail
        self.isMended = isMended
        foundAt = now
    }

    init(
        _ kind: Kind, _ charge: Charge, detail: String = "", isMended: Bool, at now: Timestamp
    ) {
        self.init(kind, charge.key, bookingID: charge.bookingID, detail: detail, isMended: isMended, at: now)
    }
}

/// How far charges were compared with the provider: a place in the order of their last change.
struct ReconciliationPlace: Sendable, Hashable {
    let changedAt: Timestamp
    let chargeKey: String

    static let beginning = ReconciliationPlace(changedAt: Timestamp(milliseconds: 0), chargeKey: "")
}
