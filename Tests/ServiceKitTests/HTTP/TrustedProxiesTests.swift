import ServiceKit
import Testing

@Suite struct TrustedProxiesTests {
    @Test(arguments: ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
    func `this machine is always one`(address: String) throws {
        #expect(TrustedProxies.local.contains(address))
        #expect(try TrustedProxies(parsing: "10.0.0.7").contains(address))
    }

    @Test(arguments: [
        ("10.0.0.7", true), ("10.0.0.8", false), ("::ffff:10.0.0.7", true), ("172.16.0.0", true),
        ("172.31.255.255", true), ("172.32.0.0", false), ("192.0.2.1", false), ("fd00:1::5", true),
        ("fe00::5", false), ("2001:db8::1", true), ("2001:DB8:0::0:1", true), ("2001:db8::2", false),
        ("gateway", false), ("", false), ("10.0.0.7/32", false),
    ])
    func `addresses and networks are recognized to the bit, in every spelling`(address: String, isOne: Bool) throws {
        let proxies = try TrustedProxies(parsing: "10.0.0.7, 172.16.0.0/12,fc00::/7,2001:db8::1")
        #expect(proxies.contains(address) == isOne)
    }

    @Test func `none are named by an empty text, all by networks of no bits`() throws {
        #expect(try TrustedProxies(parsing: "") == .local)
        let everybody = try TrustedProxies(parsing: "0.0.0.0/0,::/0")
        #expect(everybody.contains("203.0.113.9"))
        #expect(everybody.contains("2001:db8::1"))
    }

    @Test(arguments: ["gateway", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::1/129", "10.0.0/8", "10.0.0.1,,x"])
    func `what is neither address nor network is refused`(text: String) {
        #expect(throws: SettingsError.self) { try TrustedProxies(parsing: text) }
    }
}
