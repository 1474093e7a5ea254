import Contracts
import Crypto

/// A secret that is good for one refresh: 256 random bits, of which only the SHA-256 is ever stored.
struct RefreshToken: Sendable {
    /// What the client keeps: 64 hexadecimal digits.
    let text: String

    /// A new one.
    init() {
        text = SecureRandom.hexadecimal(bytes: 32)
    }

    /// Names the token in the database without giving it away; nil for a text that cannot be a token.
    static func digest(of text: String) -> String? {
        guard text.utf8.count == 64 else { return nil }
        return Hexadecimal.encode(Array(SHA256.hash(data: Array(text.utf8))))
    }

    var digest: String { Hexadecimal.encode(Array(SHA256.hash(data: Array(text.utf8)))) }
}
