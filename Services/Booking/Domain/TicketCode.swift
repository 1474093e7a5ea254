import Contracts
import Crypto
import Foundation
import ServiceKit

/// The text that admits whoever carries it: a ticket and the version of its code, signed.
///
/// `HFT1.KEY.TICKET.VERSION.MAC` with the ticket's id and the MAC as upper-case hexadecimal digits, which a QR code
/// holds in half the space. A version that was passed on admits nobody; its MAC stays right, so the ticket decides.
struct TicketCode: Sendable, Hashable {
    let ticketID: String
    let version: Int64
}

/// Signs and reads ticket codes. The first key signs, all of them verify, so that printed codes outlive a change.
struct TicketCodec: Sendable {
    private struct Key: Sendable {
        let id: String
        let secret: SymmetricKey
    }

    private let keys: [Key]

    private static let prefix = "HFT1"
    /// Longer than any code: a key's id has 32 characters at most.
    static let textBytesMax = 160
    /// 128 of 256 bits (RFC 2104 §5): a guess is right once in 2¹²⁸ scans, and the code fits a smaller picture.
    private static let macBytes = 16

    init(keys: KeyRing) {
        self.keys = keys.all.map { key in
            Key(
                id: key.id,
                secret: HKDF<SHA256>.deriveKey(
                    inputKeyMaterial: key.secret, info: Array("holdfast ticket code v1".utf8), outputByteCount: 32))
        }
    }

    /// The text of `code`; nil for a ticket whose id is no UUID, which none is.
    func text(_ code: TicketCode) -> String? {
        guard let key = keys.first else { return nil }
        let digits = code.ticketID.uppercased().filter { $0 != "-" }
        guard digits.utf8.count == 32 else { return nil }
        let body = "\(Self.prefix).\(key.id).\(digits).\(code.version)"
        return "\(body).\(Hexadecimal.encode(Self.mac(of: body, key.secret)).uppercased())"
    }

    /// The code in `text`; nil for everything that no key has signed.
    func code(_ text: String) -> TicketCode? {
        guard text.utf8.count <= Self.textBytesMax else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == Self.prefix, let key = keys.first(where: { $0.id == parts[1] }),
            let mac = Hexadecimal.decode(parts[4]), mac.count == Self.macBytes
        else { return nil }
        let body = parts[0..<4].joined(separator: ".")
        guard ConstantTime.areEqual(Self.mac(of: body, key.secret), mac) else { return nil }
        guard let version = Int64(parts[3]), let id = Self.uuid(parts[2]) else { return nil }
        return TicketCode(ticketID: id, version: version)
    }

    private static func mac(of body: String, _ secret: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: secret).prefix(macBytes))
    }

    private static func uuid(_ digits: Substring) -> String? {
        guard digits.utf8.count == 32 else { return nil }
        var text = ""
        for (index, digit) in digits.lowercased().enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return UUIDv7.isWellFormed(text) ? text : nil
    }
}
