/// An ISO 4217 currency that Holdfast can sell in, with the number of decimals its amounts have.
package struct Currency: Sendable, Hashable, CustomStringConvertible {
    /// The alphabetic code in capitals, such as `USD`.
    package let code: String
    /// How many decimals one unit of the currency has: 2 for `USD`, 0 for `JPY`, 3 for `KWD`.
    package let decimals: Int

    /// US dollar, the default of the wire contract.
    package static let usd = Currency(code: "USD", decimals: 2)

    /// The currency of a code in any case; nil when it is not sold in.
    package init?(code: String) {
        let code = code.uppercased()
        guard let decimals = Self.decimalsByCode[code] else { return nil }
        self.init(code: code, decimals: decimals)
    }

    private init(code: String, decimals: Int) {
        self.code = code
        self.decimals = decimals
    }

    package var description: String { code }

    private static let decimalsByCode: [String: Int] = {
        let two =
            "AED ARS AUD BGN BRL CAD CHF CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR KES MAD MXN MYR NGN NOK NZD "
            + "PEN PHP PLN RON RSD SAR SEK SGD THB TRY TWD UAH USD ZAR"
        let zero = "CLP ISK JPY KRW PYG UGX VND XAF XOF"
        let three = "BHD JOD KWD OMR TND"
        var table: [String: Int] = [:]
        for (codes, decimals) in [(two, 2), (zero, 0), (three, 3)] {
            for code in codes.split(separator: " ") { table[String(code)] = decimals }
        }
        return table
    }()
}

/// Stored as its code.
extension Currency: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let code = try container.decode(String.self)
        guard let currency = Currency(code: code) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a known currency")
        }
        self = currency
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
