import Foundation

/// The proxies whose `X-Forwarded-For` is believed: this machine, and the addresses and networks it is told.
package struct TrustedProxies: Sendable, Hashable {
    /// Only this machine's own.
    package static let local = TrustedProxies(networks: [])

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap(Network.init)

    private let networks: [Network]

    private init(networks: [Network]) {
        self.networks = Self.loopback + networks
    }

    /// Reads addresses and networks such as `10.0.0.7` and `10.0.0.0/8`, separated by commas, spaces allowed.
    ///
    /// Throws ``SettingsError`` naming the part that is neither: a proxy that is not recognized would make all of its
    /// clients count as one.
    package init(parsing text: String) throws(SettingsError) {
        var networks: [Network] = []
        for part in text.split(separator: ",") {
            let name = part.trimmingCharacters(in: .whitespaces)
            guard let network = Network(name) else {
                throw SettingsError("TRUSTED_PROXIES: '\(name)' is neither an address nor a network like 10.0.0.0/8")
            }
            networks.append(network)
        }
        self.init(networks: networks)
    }

    /// Whether `address`, in any of its spellings, is one of them; text that is no address is not.
    package func contains(_ address: String) -> Bool {
        guard let bytes = Network.bytes(of: address) else { return false }
        return networks.contains { $0.contains(bytes) }
    }
}

/// All addresses that share their first bits.
private struct Network: Sendable, Hashable {
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
