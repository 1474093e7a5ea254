import Contracts
import Foundation

/// A password as it is hashed: normalized (NFC), so that the same keys give the same bytes on every device.
struct Password: Sendable {
    /// In characters, after normalization.
    static let lengths = 8...256

    /// The bytes to hash, all of them.
    let bytes: [UInt8]

    /// A password that someone claims to have; whether it could have been chosen does not matter.
    init(claimed text: String) {
        bytes = Array(text.precomposedStringWithCanonicalMapping.utf8)
    }

    /// Why a password cannot be chosen.
    struct Refusal: Error, Hashable {
        let message: String
    }

    /// A password to be chosen for the account of `email`: long enough, not known to everyone, no further rules.
    static func checked(_ text: String, email: EmailAddress?) -> Result<Password, Refusal> {
        let normalized = text.precomposedStringWithCanonicalMapping
        guard lengths.contains(normalized.count) else {
            return .failure(
                Refusal(message: "must have \(lengths.lowerBound) to \(lengths.upperBound) characters"))
        }
        guard normalized.utf8.count <= lengths.upperBound * 4 else {
            return .failure(Refusal(message: "is too long"))
        }
        guard !CommonPasswords.contain(normalized) else {
            return .failure(Refusal(message: "is one of the most common passwords"))
        }
        let folded = normalized.lowercased()
        guard folded != email?.folded, folded != email?.folded.split(separator: "@").first.map(String.init) else {
            return .failure(Refusal(message: "must not be the email address"))
        }
        return .success(Password(claimed: text))
    }
}
