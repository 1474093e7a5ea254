import Contracts
import Foundation

/// A webhook of Stripe's (https://docs.stripe.com/api/events/object), read as far as it matters here.
struct StripeEvent: Sendable {
    let event: ProviderEvent

    private struct Envelope: Decodable {
        let id: String
        let type: String
    }

    private struct Carrier<Object: Decodable>: Decodable {
        struct Box: Decodable {
            let object: Object
        }

        let data: Box
    }

    init(_ body: [UInt8]) throws(WebhookRefusal) {
        let data = Data(body)
        do {
            let envelope = try JSONDecoder().decode(Envelope.self, from: data)
            event = ProviderEvent(
                id: envelope.id, kind: envelope.type, subject: try Self.subject(envelope.type, data))
        } catch {
            throw .malformed
        }
    }

    private static func subject(_ type: String, _ data: Data) throws -> ProviderEvent.Subject {
        if type.hasPrefix("payment_intent.") {
            let intent = try JSONDecoder().decode(Carrier<StripeIntent>.self, from: data).data.object
            guard let key = intent.metadata?[StripeMetadata.payment] else { return .other }
            return .payment(key: key, intent.outcome)
        }
        if type.hasPrefix("refund.") || type == "charge.refund.updated" {
            let refund = try JSONDecoder().decode(Carrier<StripeRefund>.self, from: data).data.object
            guard let key = refund.metadata?[StripeMetadata.refund],
                let paymentKey = refund.metadata?[StripeMetadata.payment]
            else { return .other }
            return .refund(key: key, paymentKey: paymentKey, refund.outcome)
        }
        return .other
    }
}
