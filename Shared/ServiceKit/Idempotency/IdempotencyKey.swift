package import Hummingbird

/// The name a client gave to one attempt to create or move something: 1–255 printable ASCII characters.
package struct IdempotencyKey: Sendable, Hashable {
    package let text: String

    /// Nil when `text` is not of that form.
    package init?(_ text: String) {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.text = text
    }

    /// The key in the header `Idempotency-Key` or, without that, in a member of the body; nil when neither is there.
    ///
    /// - Throws: 400 `idempotency-key-invalid` for one of another form, or when header and body differ
    package static func of(_ request: Request, bodyMember: String? = nil) throws(Problem) -> IdempotencyKey? {
        let header = request.headers[.idempotencyKey]
        if let header, let bodyMember, header != bodyMember {
            throw .badRequest("idempotency-key-invalid", "the header and the body name different keys")
        }
        guard let text = header ?? bodyMember else { return nil }
        guard let key = IdempotencyKey(text) else {
            throw .badRequest(
                "idempotency-key-invalid", "an idempotency key has 1 to 255 printable characters without spaces")
        }
        return key
    }

    /// The key, where there must be one.
    ///
    /// - Throws: 400 `idempotency-key-required`
    package static func required(_ request: Request, bodyMember: String? = nil) throws(Problem) -> IdempotencyKey {
        guard let key = try of(request, bodyMember: bodyMember) else {
            throw .badRequest(
                "idempotency-key-required", "send an Idempotency-Key so that a repeat does not act twice (see /docs)")
        }
        return key
    }
}
