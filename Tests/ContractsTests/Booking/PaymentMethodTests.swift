import Contracts
import Testing

@Suite struct PaymentMethodTests {
    @Test("no way of printing a payment method shows the card")
    func prints() {
        let method = PaymentMethod(
            cardNumber: "4242424242424242", cardHolderName: "Ada", expiryDate: "12/30", cvv: "737")
        let request = ConfirmRequest(reservationId: "r", payment: method)
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(method)", "\(request)", String(reflecting: method), String(reflecting: request), dumped] {
            #expect(!text.contains("4242") && !text.contains("737") && !text.contains("Ada"))
        }
    }
}
