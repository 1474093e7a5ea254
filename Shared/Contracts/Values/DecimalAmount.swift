import struct Foundation.Decimal

/// A decimal number of the wire, such as `49.5`, parsed and written without ever being a binary fraction.
package struct DecimalAmount: Sendable, Hashable, Codable {
    private let value: Decimal

    /// The largest amount that is accepted in minor units: 10¹⁴, far above any price and far below overflow of a sum.
    package static let minorUnitsMax: Int64 = 100_000_000_000_000

    package init(minorUnits: Int64, decimals: Int) {
        let magnitude = Decimal(minorUnits.magnitude)
        value = Decimal(sign: minorUnits < 0 ? .minus : .plus, exponent: -decimals, significand: magnitude)
    }

    package init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Decimal.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    /// The amount in the smallest unit of `currency`; nil when it has more decimals than the currency or is out of
    /// ±``minorUnitsMax``.
    package func minorUnits(of currency: Currency) -> Int64? {
        guard value.isFinite else { return nil }
        let scaled = value * Self.powersOfTen[currency.decimals]
        guard scaled.magnitude <= Decimal(Self.minorUnitsMax) else { return nil }
        return Int64("\(scaled)")
    }

    private static let powersOfTen: [Decimal] = [1, 10, 100, 1000]
}
