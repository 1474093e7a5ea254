import Testing

@testable import HTTPKit

@Suite("Endpoints and deadlines")
struct EndpointTests {
    @Test(
        "a URL of a host and a port is an endpoint",
        arguments: [
            ("http://127.0.0.1:5001", "127.0.0.1", 5_001), ("http://inventory", "inventory", 80),
            ("HTTP://a.b-c:1/", "a.b-c", 1), ("http://[::1]:65535", "::1", 65_535), ("http://[::1]", "::1", 80),
        ])
    func valid(_ url: String, _ host: String, _ port: Int) throws {
        let endpoint = try Endpoint(url: url)
        #expect(endpoint == Endpoint(host: host, port: port))
        #expect(try Endpoint(url: endpoint.description) == endpoint)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "http://", "https://a", "a:80", "http://a:0", "http://a:65536", "http://a:", "http://a:+1",
            "http://a/b", "http://a?b", "http://u@a", "http://a b", "http://a\r\nX: 1", "http://[::1", "http://[::1]1",
            "http://::1", "http://a:80:80",
        ])
    func invalid(_ url: String) {
        #expect(throws: Endpoint.InvalidURL.self) { try Endpoint(url: url) }
    }

    @Test("a deadline shrinks, never below nothing, and the sooner of two is taken")
    func deadlines() {
        let long = Deadline.after(.seconds(60))
        let short = Deadline.after(.seconds(1))
        #expect(long.remaining <= .seconds(60))
        #expect(long.remaining > .seconds(50))
        #expect(long.sooner(short) == short)
        #expect(short.sooner(long) == short)
        #expect(Deadline.after(.seconds(-5)).hasPassed)
        #expect(Deadline.after(.zero).remaining == .zero)
        #expect(!Deadline.after(.seconds(Int64.max)).hasPassed)
    }
}
