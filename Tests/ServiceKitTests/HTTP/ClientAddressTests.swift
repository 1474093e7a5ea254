import NIOCore
import ServiceKit
import Testing

@Suite struct ClientAddressTests {
    private func peer(_ text: String) throws -> SocketAddress { try SocketAddress(ipAddress: text, port: 1) }

    @Test func `a forwarded address of an untrusted peer is not believed`() throws {
        let address = ClientAddress(peer: try peer("203.0.113.9"), forwardedFor: "198.51.100.1")
        #expect(address.text == "203.0.113.9")
    }

    @Test func `behind a local proxy the last address it wrote counts, not what the client invented`() throws {
        for local in ["127.0.0.1", "::1"] {
            let address = ClientAddress(peer: try peer(local), forwardedFor: "1.2.3.4, 198.51.100.1")
            #expect(address.text == "198.51.100.1")
        }
    }

    @Test func `trusted proxies in between are passed over`() throws {
        let address = ClientAddress(
            peer: try peer("10.0.0.2"), forwardedFor: "6.6.6.6, 198.51.100.1, 10.0.0.3",
            trustedProxies: try TrustedProxies(parsing: "10.0.0.2, 10.0.0.3"))
        #expect(address.text == "198.51.100.1")
    }

    @Test func `clients behind a proxy of a trusted network keep their own addresses, private ones too`() throws {
        let address = ClientAddress(
            peer: try peer("172.18.0.9"), forwardedFor: "172.18.0.1",
            trustedProxies: try TrustedProxies(parsing: "172.16.0.0/12"))
        #expect(address.text == "172.18.0.1")
    }

    @Test func `without a usable forwarded address the peer's counts`() throws {
        for header in [nil, "", "unknown", "_hidden, x:y"] {
            #expect(ClientAddress(peer: try peer("127.0.0.1"), forwardedFor: header).text == "127.0.0.1")
        }
        #expect(ClientAddress(peer: nil, forwardedFor: nil).text == "local")
    }

    @Test func `an IPv4 client of a socket for both is that client, not one network with all others`() throws {
        let mapped = ClientAddress(peer: try peer("::ffff:192.0.2.1"), forwardedFor: nil)
        #expect(mapped.limitKey == "192.0.2.1")
    }

    @Test func `one IPv6 network is one client`() throws {
        let one = ClientAddress(peer: try peer("2001:db8:1:2::5"), forwardedFor: nil)
        let same = ClientAddress(peer: try peer("2001:db8:1:2:ffff::1"), forwardedFor: nil)
        let other = ClientAddress(peer: try peer("2001:db8:1:3::5"), forwardedFor: nil)
        #expect(one.limitKey == same.limitKey)
        #expect(one.limitKey != other.limitKey)
        #expect(ClientAddress(peer: try peer("192.0.2.1"), forwardedFor: nil).limitKey == "192.0.2.1")
    }
}
