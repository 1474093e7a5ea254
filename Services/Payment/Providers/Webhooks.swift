/// A message that came in at a provider's webhook.
struct WebhookDelivery: Sendable {
    /// The value of the header that carries the signature.
    let signature: String?
    /// The bytes that were signed.
    let body: [UInt8]
}

/// Why a message is not believed.
enum WebhookRefusal: Error, Sendable, Hashable {
    /// Not signed with our secret, or too long ago.
    case notAuthentic
    /// Signed, but not what the provider's documentation says.
    case malformed
}

/// What a provider's message says.
struct ProviderEvent: Sendable {
    /// What the event is about, as far as we care.
    enum Subject: Sendable, Hashable {
        /// The payment that the provider knows by `key` has an outcome.
        case payment(key: String, ProviderOutcome)
        /// An attempt of a refund, by the keys that the provider was told.
        case refund(key: String, paymentKey: String, ProviderRefundOutcome)
        /// Something else: stored and otherwise ignored.
        case other

        /// The key of the payment it is about.
        var paymentKey: String? {
            switch self {
            case .payment(let key, _): key
            case .refund(_, let key, _): key
            case .other: nil
            }
        }
    }

    /// Names the event; the same each time it is delivered.
    let id: String
    /// What the provider calls its kind.
    let kind: String
    let subject: Subject
}
