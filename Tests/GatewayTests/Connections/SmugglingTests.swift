import HTTPKit
import NIOCore
import TestSupport
import Testing

@testable import gateway

@Suite("Requests that two readers could read differently", .timeLimit(.minutes(1)))
struct SmugglingTests {
    /// Each is followed on the same connection by a request that must never be seen by anyone.
    static let cases: [String] = [
        framed("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        framed("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"),
        framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
        framed("Transfer-Encoding: identity, chunked", "0\r\n\r\n"),
        framed("Transfer-Encoding: xchunked", "0\r\n\r\n"),
        framed("Transfer-Encoding : chunked", "0\r\n\r\n"),
        framed("Transfer-Encoding:\u{0B}chunked", "0\r\n\r\n"),
        framed("X: y\r\n Transfer-Encoding: chunked", "0\r\n\r\n"),
        framed("Content-Length: 0\r\nContent-Length: 0", ""),
        framed("Content-Length: 0\r\nContent-Length: 44", ""),
        framed("Content-Length: 0, 0", ""),
        framed("Content-Length: +0", ""),
        framed("Content-Length: -0", ""),
        framed("Content-Length : 0", ""),
        framed("Content-Length: 0\n", ""),
        framed("X: a\rContent-Length: 0", ""),
        framed("X: a\u{0}b", ""),
        framed("X\u{0}: a", ""),
        framed("Host: other", ""),
        framed("Host: a\r\nX: 1\n\r", ""),
        "GET /api/events HTTP/1.1\nHost: a\n\n",
        "GET /api/events HTTP/1.1\r\nHost: a\r\n\n",
        "GET /api/events HTTP/1.1\r\n\r\n",
        "GET  /api/events HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/events\tHTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/events HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET /api/events\r\n\r\n",
        "G\u{E9}T /api/events HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://b/api/events HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /api/events HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        chunked("5;ext=\(String(repeating: "x", count: 5_000))\r\nhello\r\n0\r\n\r\n"),
        chunked("5 \r\nhello\r\n0\r\n\r\n"), chunked("5\nhello\n0\n\n"), chunked("+5\r\nhello\r\n0\r\n\r\n"),
        chunked("0x5\r\nhello\r\n0\r\n\r\n"), chunked("5\r\nhelloX\r\n0\r\n\r\n"),
        chunked("ffffffffffffffff5\r\nhello"),
        chunked("0\r\nX : y\r\n\r\n"), chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"),
    ]

    private static func framed(_ fields: String, _ body: String) -> String {
        "POST /api/events HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    private static func chunked(_ body: String) -> String {
        "POST /api/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
    }

    @Test("is refused with 400 and the connection ends", arguments: cases)
    func refused(_ text: String) async throws {
        try await TestGateway.with(echo) { gateway, server in
            let reply = try await gateway.exchange("\(text)GET /api/events/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try RawResponse(reply)
            #expect(response.status == 400)
            #expect(response.code == "bad-request")
            #expect(response.fields.first("content-type") == "application/problem+json")
            #expect(response.fields.first("connection") == "close")
            #expect(reply.components(separatedBy: "HTTP/1.1 ").count == 2)
            #expect(!reply.contains("smuggled"))
        }
    }

    @Test("a chunked body reaches the service in fresh chunks, without extensions and trailers")
    func chunksAreRewritten() async throws {
        try await TestGateway.with { connection, _ in
            let head = try await connection.readHead()
            let body = try await connection.read(through: "0\r\n\r\n")
            let text = head + body
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
        } _: { gateway, _ in
            let reply = try await gateway.exchange(
                "POST /api/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
                    + "05;a=b\r\nhello\r\n0\r\nX-User-ID: root\r\n\r\n")
            let response = try RawResponse(reply)
            #expect(response.status == 200)
            #expect(response.body.hasSuffix("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
            #expect(response.body.contains("\r\nTransfer-Encoding: chunked\r\n"))
            #expect(!response.body.contains("root"))
        }
    }
}

extension String {
    /// The parts between occurrences of `separator`.
    func components(separatedBy separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
