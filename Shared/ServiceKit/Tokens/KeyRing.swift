import Contracts
package import Crypto

/// The keys of one kind of token: the first signs, all of them verify, so that keys can be changed without a pause.
package struct KeyRing: Sendable {
    package struct Key: Sendable {
        /// Names the key in a token's header: letters, digits, `-` and `_`.
        package let id: String
        package let secret: SymmetricKey
    }

    /// The key that signs.
    package let signing: Key
    /// All keys, the signing one first.
    package let all: [Key]

    /// Parses `id:64 hex digits[,id:64 hex digits…]`.
    ///
    /// - Throws: ``SettingsError`` that names `setting` and never shows a key.
    package init(parsing text: String, setting: String) throws(SettingsError) {
        var keys: [Key] = []
        for part in text.split(separator: ",") {
            let pair = part.split(separator: ":", maxSplits: 1)
            guard pair.count == 2, let bytes = Hexadecimal.decode(pair[1]), bytes.count == 32 else {
                throw SettingsError("\(setting) must be written id:64 hex digits, several separated by commas")
            }
            let id = String(pair[0])
            guard Self.isValid(id: id), !keys.contains(where: { $0.id == id }) else {
                throw SettingsError("\(setting): key ids are distinct, 1–32 letters, digits, '-' or '_'")
            }
            keys.append(Key(id: id, secret: SymmetricKey(data: bytes)))
        }
        guard let first = keys.first, keys.count <= Self.keysMax else {
            throw SettingsError("\(setting) needs 1 to \(Self.keysMax) keys")
        }
        signing = first
        all = keys
    }

    /// A new random key, for tests and tools.
    package static func random(id: String = "k1") -> KeyRing {
        KeyRing(Key(id: id, secret: SymmetricKey(size: .bits256)))
    }

    private init(_ key: Key) {
        signing = key
        all = [key]
    }

    init(_ settings: Settings, _ key: String, help: String) throws(SettingsError) {
        let text = try settings.secret(key, help: help)
        if settings.isDocumenting {
            self = .random()
        } else {
            try self.init(parsing: text, setting: key)
        }
    }

    private static let keysMax = 8

    private static func isValid(id: String) -> Bool {
        (1...32).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
