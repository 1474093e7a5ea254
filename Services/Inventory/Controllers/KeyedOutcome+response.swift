import Hummingbird
import NIOCore
import ServiceKit

extension KeyedOutcome {
    /// The answer: the stored one again for a repeat, else the one that was kept, else a new one by `reply`.
    ///
    /// - Throws: ``Problem`` about the key
    func response(_ reply: (Value) throws -> StoredReply) throws -> Response {
        switch self {
        case .repeated(let beginning): try beginning.response()
        case .executed(let value, let stored): try (stored ?? reply(value)).response(replayed: false)
        }
    }
}

extension IdempotentOrder {
    /// What names `request`; nil when it has no idempotency key.
    ///
    /// - Throws: ``Problem`` `idempotency-key-invalid`
    init?(
        _ request: Request, _ body: ByteBuffer, by identity: Identity, _ fingerprinter: RequestFingerprinter
    ) throws(Problem) {
        guard let key = try IdempotencyKey.of(request) else { return nil }
        self.init(
            userID: identity.userID, key: key,
            fingerprint: fingerprinter.fingerprint(method: request.method, path: request.uri.path, body: body))
    }
}
