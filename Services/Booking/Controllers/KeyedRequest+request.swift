import Hummingbird
import NIOCore
import ServiceKit

extension KeyedRequest {
    /// The key that `request` carries, with the fingerprint of `body`; nil when it carries none.
    ///
    /// - Throws: 400 `idempotency-key-invalid`
    init?(
        _ request: Request, body: ByteBuffer, of userID: String, _ fingerprinter: RequestFingerprinter
    ) throws(Problem) {
        guard let key = try IdempotencyKey.of(request) else { return nil }
        self.init(
            scope: userID, key: key,
            fingerprint: fingerprinter.fingerprint(method: request.method, path: request.uri.path, body: body))
    }
}
