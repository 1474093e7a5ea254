import Contracts
import Crypto
package import HTTPTypes
package import NIOCore

/// Recognizes that a repeated key came with the same request: a keyed hash of method, path and body.
///
/// Keyed, so that a stolen database does not let anyone test guesses of what was in a body.
package struct RequestFingerprinter: Sendable {
    private let key: SymmetricKey

    /// Derives a key of its own from the first token key.
    ///
    /// After a change of keys, repeats of older requests are taken for other ones and refused, never executed again.
    package init(keys: KeyRing) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: keys.signing.secret, info: Array("holdfast idempotency fingerprint v1".utf8),
            outputByteCount: 32)
    }

    /// 64 hexadecimal digits.
    package func fingerprint(method: HTTPRequest.Method, path: String, body: ByteBuffer) -> String {
        var hash = HMAC<SHA256>(key: key)
        // Neither a method nor a path contains a line break, so the parts cannot run into each other.
        hash.update(data: Array("\(method.rawValue)\n\(path)\n".utf8))
        hash.update(data: Array(body.readableBytesView))
        return Hexadecimal.encode(Array(hash.finalize()))
    }
}
