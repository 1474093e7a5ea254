import Contracts
import Foundation
import Testing

@Suite struct MoneyTests {
    private struct Price: Codable, Equatable {
        let price: DecimalAmount
    }

    private func amount(_ json: String) throws -> DecimalAmount {
        try WireJSON.decoder.decode(Price.self, from: Data("{\"price\":\(json)}".utf8)).price
    }

    @Test(
        "decimals are read exactly into minor units",
        arguments: [
            ("0", 0), ("49.5", 4950), ("0.1", 10), ("0.29", 29), ("1.10", 110), ("1e2", 10_000), ("19.99", 1999),
            ("999999999.99", 99_999_999_999), ("-3.5", -350),
        ])
    func reads(json: String, cents: Int64) throws {
        #expect(try amount(json).minorUnits(of: .usd) == cents)
    }

    @Test("more decimals than the currency has, and absurd amounts, are refused")
    func refuses() throws {
        #expect(try amount("0.001").minorUnits(of: .usd) == nil)
        #expect(try amount("1.5").minorUnits(of: try #require(Currency(code: "JPY"))) == nil)
        #expect(try amount("1.234").minorUnits(of: try #require(Currency(code: "KWD"))) == 1234)
        #expect(try amount("1e30").minorUnits(of: .usd) == nil)
        #expect(throws: DecodingError.self) { try amount("\"5\"") }
    }

    @Test("what is written is what was meant", arguments: [0, 1, 10, 99, 100, 4950, 123_456_789_012_345, -350])
    func writes(cents: Int64) throws {
        let text = String(
            decoding: try WireJSON.encoder.encode(Price(price: Money(minorUnits: cents, currency: .usd).amount)),
            as: UTF8.self)
        let whole = cents.magnitude / 100
        let fraction = cents.magnitude % 100
        let digits = fraction == 0 ? "" : ".\(fraction < 10 ? "0" : "")\(fraction)"
        let trimmed = digits.hasSuffix("0") && fraction != 0 ? String(digits.dropLast()) : digits
        #expect(text == "{\"price\":\(cents < 0 ? "-" : "")\(whole)\(trimmed)}")
    }

    @Test("currencies are known by code in any case")
    func currencies() {
        #expect(Currency(code: "eur")?.code == "EUR")
        #expect(Currency(code: "JPY")?.decimals == 0)
        #expect(Currency(code: "XXX") == nil)
        #expect(Currency(code: "") == nil)
    }
}
