/// An amount of money as an integer of the currency's smallest unit, so that sums are exact.
///
/// Coded so where a service stores it; the wire carries ``amount`` and the currency's code.
package struct Money: Sendable, Hashable, Codable {
    /// Cents for `USD`, yen for `JPY`; may be negative only in differences.
    package var minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The amount as the wire carries it.
    package var amount: DecimalAmount {
        DecimalAmount(minorUnits: minorUnits, decimals: currency.decimals)
    }
}
