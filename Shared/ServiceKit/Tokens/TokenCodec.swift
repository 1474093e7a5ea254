import Contracts
import Crypto

/// Signs and opens compact JWS tokens (HS256) of exactly one type.
///
/// Only the very header bytes that this codec writes are accepted, one form for each key id. Algorithm `none`, a changed
/// algorithm, an embedded key or a foreign type are therefore refused before anything is parsed, and no JSON of a token
/// is read before its MAC was found right.
struct TokenCodec: Sendable {
    private struct Form {
        /// The encoded header and the dot after it.
        let prefix: [UInt8]
        let secret: SymmetricKey
    }

    /// Longest token that is looked at; ours are shorter than 500 bytes.
    static let tokenBytesMax = 2048

    private let forms: [Form]

    init(keys: KeyRing, type: String) {
        forms = keys.all.map { key in
            let header = #"{"alg":"HS256","kid":"\#(key.id)","typ":"\#(type)"}"#
            return Form(prefix: Base64URL.encode(header.utf8) + [UInt8(ascii: ".")], secret: key.secret)
        }
    }

    /// A token with `payload`, signed by the first key.
    func seal(_ payload: String) -> String {
        var token = forms[0].prefix + Base64URL.encode(payload.utf8)
        let signature = Self.signature(of: token, forms[0].secret)
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: signature)
        return String(decoding: token, as: UTF8.self)
    }

    /// Whether `token` is short and plain enough to be one; only then it is looked up, which hashes it, or opened.
    static func canBeToken(_ token: String) -> Bool {
        token.utf8.count <= tokenBytesMax && token.utf8.allSatisfy { $0 < 0x80 }
    }

    /// The payload of a token whose MAC is right; nil for everything else.
    func open(_ token: String) -> [UInt8]? {
        let bytes = Array(token.utf8)
        guard let form = forms.first(where: { bytes.starts(with: $0.prefix) }),
            let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot >= form.prefix.count
        else { return nil }
        let expected = Self.signature(of: bytes[..<dot], form.secret)
        guard ConstantTime.areEqual(expected, bytes[(dot + 1)...]) else { return nil }
        return Base64URL.decode(bytes[form.prefix.count..<dot])
    }

    private static func signature(of bytes: some Collection<UInt8>, _ secret: SymmetricKey) -> [UInt8] {
        let bytes = Array(bytes)
        return Base64URL.encode(HMAC<SHA256>.authenticationCode(for: bytes, using: secret))
    }
}
