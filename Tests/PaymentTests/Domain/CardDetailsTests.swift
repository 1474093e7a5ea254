import Contracts
import Testing

@testable import payment

@Suite("A card is checked for form and shown to nobody")
struct CardDetailsTests {
    /// 2026-01-15T12:00:00Z
    private let now = Timestamp(milliseconds: 1_768_478_400_000)

    private func fields(_ method: PaymentMethod) -> [String] {
        var errors: [FieldError] = []
        let card = CardDetails(method, at: now, errors: &errors)
        #expect((card == nil) == !errors.isEmpty)
        return errors.map(\.field)
    }

    @Test("every test card passes", arguments: SimulatorScenario.byCard.keys.sorted())
    func testCards(_ number: String) {
        #expect(fields(.card(number)) == [])
        let spaced = stride(from: 0, to: 16, by: 4).map { String(number.dropFirst($0).prefix(4)) }
        #expect(fields(.card(spaced.joined(separator: " "))) == [])
    }

    @Test(
        "a number that is none is refused",
        arguments: [
            "4242424242424241", "2424242424242424", "", "42", "4242424242424242x", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "0",
            "42424242424242424242424242",
        ])
    func numbers(_ number: String) {
        #expect(fields(.card(number)) == ["payment.cardNumber"])
    }

    @Test("an expiry in the future passes in both forms", arguments: ["01/26", "02/2026", "12/30", "01/2046"])
    func goodExpiry(_ expiry: String) {
        #expect(fields(.card(expiry: expiry)) == [])
    }

    @Test(
        "any other expiry is refused",
        arguments: ["12/25", "01/2020", "13/30", "00/30", "1/30", "12-30", "12/030", "12/2099", "", "aa/bb", "12/30/1"])
    func badExpiry(_ expiry: String) {
        #expect(fields(.card(expiry: expiry)) == ["payment.expiryDate"])
    }

    @Test("a code has three or four digits", arguments: ["", "12", "12345", "12a", "１２３"])
    func codes(_ code: String) {
        #expect(fields(.card(cvv: "123")) == [])
        #expect(fields(.card(cvv: "1234")) == [])
        #expect(fields(.card(cvv: code)) == ["payment.cvv"])
    }

    @Test("all wrong fields are named at once")
    func allAtOnce() {
        let wrong = PaymentMethod.card("1", holder: "  ", expiry: "x", cvv: "y")
        #expect(
            fields(wrong) == ["payment.cardNumber", "payment.cardHolderName", "payment.expiryDate", "payment.cvv"])
    }

    @Test("neither printing nor reflecting shows a number or a code")
    func redaction() throws {
        let instrument = try PaymentInstrument(.card(), at: now) { _ in false }
        var dumped = ""
        dump(instrument, to: &dumped)
        dump([PaymentMethod.card()], to: &dumped)
        let shown = "\(instrument) \(String(reflecting: instrument)) \(Optional(instrument) as Any) \(dumped)"
        for secret in ["4242", "987", "2030", "Lovelace"] { #expect(!shown.contains(secret)) }
        #expect(instrument.lastFour == "4242")
    }

    @Test("a card and a token together, neither of them, or a foreign token are refused")
    func instruments() {
        for method in [
            PaymentMethod(cardNumber: "4242424242424242", method: "tok_visa"), PaymentMethod(),
            .token("tok_of_another_house"),
        ] {
            #expect(throws: PaymentRefusal.self) {
                try PaymentInstrument(method, at: now) { SimulatorScenario.byToken[$0] != nil }
            }
        }
    }
}
