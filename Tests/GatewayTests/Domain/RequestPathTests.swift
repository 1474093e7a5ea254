import NIOCore
import Testing

@testable import gateway

@Suite("Paths")
struct RequestPathTests {
    private func path(_ target: String) -> String? {
        let bytes = ByteBuffer(string: target)
        return RequestPath.parse(bytes.readableBytesUInt8Span, 0..<bytes.readableBytes)
            .flatMap { bytes.getString(at: $0.lowerBound, length: $0.count) }
    }

    @Test(
        "a plain path passes as it is, without its query",
        arguments: [
            ("/", "/"), ("/api/events", "/api/events"), ("/api/events/", "/api/events/"), ("/a?b=/../c//d", "/a"),
            ("/a?", "/a"), ("/a%20b", "/a%20b"), ("/caf%C3%A9", "/caf%C3%A9"), ("/a%3Fb", "/a%3Fb"),
            ("/a%23b", "/a%23b"), ("/a.b/..c/...", "/a.b/..c/..."), ("/A-1-12;x", "/A-1-12;x"),
            ("/seat:%7BE%7D", "/seat:%7BE%7D"),
        ])
    func accepted(_ target: String, _ expected: String) {
        #expect(path(target) == expected)
    }

    @Test(
        "whatever another reader could take for another path is refused",
        arguments: [
            "/api/events/../../internal", "/..", "/.", "/a/./b", "/a/..", "/a/%2e%2e/b", "/a/%2E%2e/b", "/a/.%2e/b",
            "/a/%2e./b", "/a/%2e", "/a/..;x/b", "/a/.;/b", "/a/%2e%2e;v=1/b", "//internal", "/api//internal", "/a//",
            "/a%2fb", "/a%2Fb", "/a%5cb", "/a%5Cb", "/a\\b", "/\\internal", "/a%00", "/a%0d%0aX", "/a%0a", "/a%1f",
            "/a%7f", "/a%", "/a%2", "/a%zz", "/a%2x", "/a%252e%252e/b", "/a%25", "/a#b", "/a?b#c", "",
            "a", "*", "http://host/api/events", "api/events", "?x",
        ])
    func refused(_ target: String) {
        #expect(path(target) == nil)
    }
}
