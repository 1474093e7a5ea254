import Foundation

/// All addresses that share their first bits.
struct IPNetwork: Sendable, Hashable {
    let bytes: [UInt8]
    let prefixBits: Int

    /// Reads `address` or `address/bits`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let bytes = Self.bytes(of: String(first)) else { return nil }
        self.bytes = bytes
        guard parts.count == 2 else {
            prefixBits = bytes.count * 8
            return
        }
        guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return nil }
        prefixBits = bits
    }

    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == bytes.count else { return false }
        let whole = prefixBits / 8
        guard address.prefix(whole) == bytes.prefix(whole) else { return false }
        let rest = prefixBits % 8
        return rest == 0 || (address[whole] ^ bytes[whole]) >> (8 - rest) == 0
    }

    /// The 4 or 16 bytes of an address; 4 as well for an IPv4 address in IPv6's spelling.
    static func bytes(of text: String) -> [UInt8]? {
        var short = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &short) == 1 { return short }
        var long = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &long) == 1 else { return nil }
        let isMapped = long.prefix(10).allSatisfy { $0 == 0 } && long[10] == 0xff && long[11] == 0xff
        return isMapped ? Array(long.suffix(4)) : long
    }
}
