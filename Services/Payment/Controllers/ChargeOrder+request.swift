import Contracts

extension ChargeOrder {
    /// The order in `request`, checked field by field.
    init(_ request: ChargeRequest) throws(PaymentRefusal) {
        try self.init(
            key: request.chargeKey, bookingID: request.bookingId, userID: request.userId,
            minorUnits: request.amountMinorUnits, currency: request.currency)
    }

    /// The order that `request` excludes.
    init(_ request: VoidRequest, key: String) throws(PaymentRefusal) {
        try self.init(
            key: key, bookingID: request.bookingId, userID: request.userId, minorUnits: request.amountMinorUnits,
            currency: request.currency)
    }

    private init(
        key: String, bookingID: String, userID: String, minorUnits: Int64, currency: String
    ) throws(PaymentRefusal) {
        var errors: [FieldError] = []
        for (field, text) in [("chargeKey", key), ("bookingId", bookingID), ("userId", userID)]
        where !PaymentKey.isWellFormed(text) {
            errors.append(FieldError(field, PaymentKey.rule))
        }
        if !(1...DecimalAmount.minorUnitsMax).contains(minorUnits) {
            errors.append(FieldError("amountMinorUnits", "must be from 1 to \(DecimalAmount.minorUnitsMax)"))
        }
        let known = Currency(code: currency)
        if known == nil { errors.append(FieldError("currency", "must be the code of a currency we sell in")) }
        guard errors.isEmpty, let known else { throw .invalid(errors) }
        self.init(
            key: key, bookingID: bookingID, userID: userID, amount: Money(minorUnits: minorUnits, currency: known))
    }
}

/// The form of the keys that other services name charges and refunds by: they stand in addresses, so they need no
/// escaping there.
enum PaymentKey {
    static let rule = "must be 1 to 128 letters, digits and . _ : ~ -"

    static func isWellFormed(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "~"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
