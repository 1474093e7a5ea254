import Foundation

/// The proxies whose `X-Forwarded-For` is believed: this machine, and the addresses and networks it is told.
package struct TrustedProxies: Sendable, Hashable {
    /// Only this machine's own.
    package static let local = TrustedProxies(networks: [])

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap(IPNetwork.init)

    private let networks: [IPNetwork]

    private init(networks: [IPNetwork]) {
        self.networks = Self.loopback + networks
    }

    /// Reads addresses and networks such as `10.0.0.7` and `10.0.0.0/8`, separated by commas, spaces allowed.
    ///
    /// Throws ``SettingsError`` naming the part that is neither: a proxy that is not recognized would make all of its
    /// clients count as one.
    package init(parsing text: String) throws(SettingsError) {
        var networks: [IPNetwork] = []
        for part in text.split(separator: ",") {
            let name = part.trimmingCharacters(in: .whitespaces)
            guard let network = IPNetwork(name) else {
                throw SettingsError("TRUSTED_PROXIES: '\(name)' is neither an address nor a network like 10.0.0.0/8")
            }
            networks.append(network)
        }
        self.init(networks: networks)
    }

    /// Whether `address`, in any of its spellings, is one of them; text that is no address is not.
    package func contains(_ address: String) -> Bool {
        guard let bytes = IPNetwork.bytes(of: address) else { return false }
        return networks.contains { $0.contains(bytes) }
    }
}
