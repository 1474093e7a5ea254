package import HTTPTypes

extension HTTPField.Name {
    // Parsed once; each is a valid name by its letters, and a name that were not could only be noticed here.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("'\(name)' is not a header name") }
        return field
    }

    /// Names one attempt to create or move something, so that a repeat has no second effect.
    package static let idempotencyKey = known("Idempotency-Key")
    /// Marks a stored answer.
    package static let idempotentReplayed = known("Idempotent-Replayed")
    /// Milliseconds that the caller still waits.
    package static let requestDeadline = known("Request-Deadline-Ms")
    /// Addresses a request passed, the client's first.
    package static let xForwardedFor = known("X-Forwarded-For")
    /// Neighbours in a list of pages (RFC 8288).
    package static let link = known("Link")
    /// The id of the last event that a client got before it came back (WHATWG HTML §9.2.4).
    package static let lastEventID = known("Last-Event-ID")
    /// `no` asks a proxy to pass a response on as it comes.
    static let xAccelBuffering = known("X-Accel-Buffering")
    /// Number of elements of the whole list.
    package static let xTotalCount = known("X-Total-Count")
    /// Proof that a message comes from Stripe.
    package static let stripeSignature = known("Stripe-Signature")
    /// Proof that a message comes from a provider of ours, written as Stripe's.
    package static let webhookSignature = known("Webhook-Signature")
}

extension HTTPResponse.Status {
    /// 402, which the library leaves out because its meaning is not standardized.
    package static let paymentRequired = HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required")
}
