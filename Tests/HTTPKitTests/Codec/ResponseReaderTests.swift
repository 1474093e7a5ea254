import NIOCore
import Testing

@testable import HTTPKit

@Suite("Reading responses")
struct ResponseReaderTests {
    static let valid: [String] = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\n"
            + "Content-Length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nb",
    ]

    static let malformed: [(String, HTTPSyntaxError)] = [
        ("HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", .bareLineFeed),
        ("HTTP/1.1  200 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 2x0 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 20 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 2000 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 099 Low\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 600 High\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", .invalidStatusLine),
        ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
        ("garbage that is not HTTP at all\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 200 OK\r\nX: 1\r\n folded\r\n\r\n", .obsoleteFolding),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", .repeatedContentLength),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
            .contentLengthWithTransferEncoding
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\na", .unsupportedTransferEncoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .invalidChunkSize),
        (String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 20), .tooManyInterimResponses),
        ("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 17_000))\r\n\r\n", .headTooLong),
    ]

    @Test("bytes one at a time give the same responses as all at once", arguments: valid)
    func feedingDoesNotMatter(_ text: String) {
        let whole = traceResponses(text.pieces(of: .max / 2))
        #expect(whole.error == nil)
        #expect(whole.lines.contains { $0.hasPrefix("reusable") })
        for size in [1, 2, 3, 7, 16] { #expect(traceResponses(text.pieces(of: size)) == whole) }
    }

    @Test("a malformed response is refused with its reason, however it is cut", arguments: malformed)
    func malformedIsRefused(_ text: String, _ error: HTTPSyntaxError) {
        #expect(traceResponses(text.pieces(of: .max / 2)).error == error)
        #expect(traceResponses(text.pieces(of: 1)).error == error)
    }

    @Test("only a complete response of a connection that stays open lets it be used again")
    func reuse() {
        func lastLine(_ text: String, closes: Bool = false) -> String? {
            traceResponses(text.pieces(of: 10_000), closes: closes).lines.last
        }
        #expect(lastLine(Self.valid[0]) == "reusable true")
        #expect(lastLine(Self.valid[7]) == "reusable false")
        #expect(lastLine(Self.valid[8]) == "reusable false")
        #expect(lastLine("HTTP/1.1 200 OK\r\n\r\nuntil close", closes: true) == "reusable false")
    }

    @Test("a body without length ends with the connection, and is whole")
    func closeDelimited() {
        let trace = traceResponses("HTTP/1.1 200 OK\r\n\r\nuntil close".pieces(of: 4), closes: true)
        #expect(trace.lines.contains("body \"until close\""))
        #expect(trace.error == nil)
    }

    @Test(
        "a connection that ends in the middle is an error",
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
        ])
    func truncated(_ text: String) {
        #expect(traceResponses(text.pieces(of: 10_000), closes: true).error == .unexpectedEnd)
    }

    @Test("the response to a HEAD has no body whatever its fields say")
    func headRequest() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let trace = traceResponses(text.pieces(of: 3), requestIsHead: true)
        #expect(trace.error == nil)
        #expect(trace.lines.filter { $0 == "body \"\"" }.count == 2)
    }
}
