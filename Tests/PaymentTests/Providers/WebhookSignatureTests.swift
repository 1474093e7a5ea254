import Contracts
import Testing

@testable import payment

@Suite("A webhook's signature") struct WebhookSignatureTests {
    private let now = Timestamp(milliseconds: 1_768_478_400_000)
    private let ours = WebhookSignature(secret: "whsec_ours")
    private let body = Array(#"{"id":"evt_1"}"#.utf8)

    private func refusal(_ signature: String?, _ body: [UInt8]? = nil) -> WebhookRefusal? {
        do throws(WebhookRefusal) {
            try ours.verify(WebhookDelivery(signature: signature, body: body ?? self.body), at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("is known when it was made with our secret a moment ago")
    func genuine() {
        #expect(refusal(ours.sign(body, at: now)) == nil)
        #expect(refusal(ours.sign(body, at: now - .seconds(300))) == nil)
        #expect(refusal(ours.sign(body, at: now + .seconds(300))) == nil)
        // While a secret is changed there are two signatures; one of them is ours.
        let other = WebhookSignature(secret: "whsec_other").sign(body, at: now)
        let mine = ours.sign(body, at: now).split(separator: ",")[1]
        #expect(refusal("\(other),\(mine)") == nil)
    }

    @Test("is as Stripe documents it")
    func documented() {
        // printf '12345.%s' '{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_ours
        let signed = ours.sign(body, at: Timestamp(milliseconds: 12_345_678))
        #expect(signed == "t=12345,v1=00304dffaf994323106faf387b08ebafa209ccef72c2f5a1f1e10a6b9730c546")
    }

    @Test("is refused when it is old, from the future, forged, absent or no signature at all")
    func refused() {
        let good = ours.sign(body, at: now)
        let forgeries: [String?] = [
            ours.sign(body, at: now - .seconds(301)), ours.sign(body, at: now + .seconds(301)),
            WebhookSignature(secret: "whsec_other").sign(body, at: now), nil, "", "t=,v1=", "v1=00", "t=1",
            "t=-1,v1=00",
            "t=99999999999999999999,v1=00", String(good.dropLast()), good.replacing("v1", with: "v0"),
            good.replacing("t=1768478400", with: "t=1768478401"),
        ]
        for forgery in forgeries { #expect(refusal(forgery) == .notAuthentic, "\(forgery ?? "nil")") }
        #expect(refusal(good, body + [32]) == .notAuthentic)
        #expect(refusal(good, []) == .notAuthentic)
    }

    @Test("does not show its secret")
    func redaction() {
        #expect(!"\(ours)".contains("whsec") && !String(reflecting: ours).contains("whsec"))
    }
}
