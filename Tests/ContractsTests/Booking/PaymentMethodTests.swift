import Contracts
import Foundation
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

    @Test("a payment made before travels between services only, never in a client's payment object")
    func reference() throws {
        let request = ChargeRequest(
            chargeKey: "k", bookingId: "b", userId: "u", amountMinorUnits: 4_950, currency: "USD",
            payment: .reference("PAY_7K2M9QX4R8TJW3HV"))
        let sent = try WireJSON.decoder.decode(ChargeRequest.self, from: WireJSON.encoder.encode(request))
        #expect(sent.payment == request.payment)
        #expect(sent.payment.reference == "PAY_7K2M9QX4R8TJW3HV")

        let text = #"{"reservationId":"r","payment":{"reference":"PAY_7K2M9QX4R8TJW3HV"}}"#
        let form = try WireJSON.decoder.decode(ConfirmRequest.self, from: Data(text.utf8))
        #expect(form.payment == PaymentMethod())
        #expect(try WireJSON.encoder.encode(request.payment) == Data("{}".utf8))
    }

    @Test(
        "a charge by card or token reads back as it was sent",
        arguments: [
            PaymentMethod.token("tok_visa"), PaymentMethod(cardNumber: "4242424242424242", cvv: "123"),
        ])
    func charges(payment: PaymentMethod) throws {
        let request = ChargeRequest(
            chargeKey: "k", bookingId: "b", userId: "u", amountMinorUnits: 4_950, currency: "USD", payment: payment)
        let sent = try WireJSON.decoder.decode(ChargeRequest.self, from: WireJSON.encoder.encode(request))
        #expect(sent.payment == payment && sent.chargeKey == "k" && sent.amountMinorUnits == 4_950)
    }
}
