import Contracts

/// A price in thousandths of its currency's unit, so that prices of currencies with 0 to 3 decimals sort together.
///
/// The number is compared, not its worth: the wire's price filters carry no currency.
struct ComparablePrice: Sendable, Hashable, Comparable {
    let thousandths: Int64

    init(thousandths: Int64) {
        self.thousandths = thousandths
    }

    /// Nil for an amount that is out of bounds or negative.
    init?(_ amount: DecimalAmount) {
        // A currency of three decimals reads every accepted price exactly.
        guard let dinar = Currency(code: "KWD"), let thousandths = amount.minorUnits(of: dinar), thousandths >= 0 else {
            return nil
        }
        self.thousandths = thousandths
    }

    static func < (lhs: ComparablePrice, rhs: ComparablePrice) -> Bool { lhs.thousandths < rhs.thousandths }
}
