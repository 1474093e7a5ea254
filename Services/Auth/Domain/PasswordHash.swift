import Contracts
import Foundation

/// A salted hash with everything needed to check it, written like PHC strings:
/// `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, both in base64 without padding.
struct PasswordHash: Sendable, Hashable, CustomStringConvertible {
    static let saltBytes = 16
    static let hashBytes = 32

    let cost: ScryptCost
    let salt: [UInt8]
    let hash: [UInt8]

    init(cost: ScryptCost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// Reads what `description` wrote; nil for anything else.
    init?(parsing text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Self.cost(parts[2]),
            let salt = Self.decode(parts[3]), let hash = Self.decode(parts[4]), hash.count == Self.hashBytes
        else { return nil }
        self.init(cost: cost, salt: salt, hash: hash)
    }

    var description: String {
        "$scrypt$ln=\(cost.log2N),r=\(cost.blockSize),p=\(cost.parallelism)$\(Self.encode(salt))$\(Self.encode(hash))"
    }

    /// Whether `other` is this hash.
    func matches(_ other: [UInt8]) -> Bool { ConstantTime.areEqual(hash, other) }

    private static func cost(_ text: Substring) -> ScryptCost? {
        var numbers: [String: Int] = [:]
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=")
            guard parts.count == 2, let number = Int(parts[1]) else { return nil }
            numbers[String(parts[0])] = number
        }
        guard let log2N = numbers["ln"], let blockSize = numbers["r"], let parallelism = numbers["p"],
            (1...20).contains(log2N), (1...32).contains(blockSize), (1...64).contains(parallelism)
        else { return nil }
        return ScryptCost(log2N: log2N, blockSize: blockSize, parallelism: parallelism)
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func decode(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map(Array.init)
    }
}
