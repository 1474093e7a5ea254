import Foundation
package import Hummingbird
package import NIOCore

/// The address a request came from, as far as it can be believed.
package struct ClientAddress: Sendable, Hashable {
    /// The address in its usual spelling, such as `192.0.2.7`.
    package let text: String

    /// What limits count by: the address, or the /64 network of an IPv6 address, since one client has all of that.
    package var limitKey: String {
        guard text.contains(":"), let bytes = IPNetwork.bytes(of: text) else { return text }
        // Four are an IPv4 address in IPv6's spelling, as a socket for both has them.
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ".") + "/64"
    }

    /// Finds the client behind the proxies that are trusted.
    ///
    /// `X-Forwarded-For` counts only when the peer is one of `trustedProxies`, or there is no network between. Read
    /// from its right end, where the nearest proxy wrote, the first address that is no trusted proxy is the client; what
    /// stands left of it may be invented.
    package init(peer: SocketAddress?, forwardedFor: String?, trustedProxies: TrustedProxies = .local) {
        let peerText = peer?.ipAddress
        if let peerText, !trustedProxies.contains(peerText) {
            text = peerText
            return
        }
        let forwarded = (forwardedFor ?? "").split(separator: ",").suffix(16)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter(Self.isAddress)
        text = forwarded.last { !trustedProxies.contains($0) } ?? forwarded.first ?? peerText ?? "local"
    }

    private static func isAddress(_ text: String) -> Bool { IPNetwork.bytes(of: text) != nil }
}

extension ServiceContext {
    /// Where `request` came from; see ``ClientAddress``.
    package func clientAddress(of request: Request, trustedProxies: TrustedProxies = .local) -> ClientAddress {
        ClientAddress(
            peer: peerAddress, forwardedFor: request.headers[.xForwardedFor], trustedProxies: trustedProxies)
    }
}
