import NIOCore
import TestSupport
import Testing

@testable import HTTPKit

@Suite("Reading requests")
struct RequestReaderTests {
    static let valid: [String] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET /x?y=1 HTTP/1.1\r\nhOsT:a:80\r\nX-Empty:\r\nX-Blank: \t \r\nX: a b \t\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /next HTTP/1.1\r\nHost: b\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nTrailer-Field: v\r\n\r\n"
            + "GET /after HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "BREW /pot HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:80\r\nX: \u{E9}\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    static let malformed: [(String, HTTPSyntaxError)] = [
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET /\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET / http/1.1\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET / HTTP/1.12\r\nHost: a\r\n\r\n", .invalidRequestLine),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .duplicateHost),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .whitespaceBeforeColon),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\t: 1\r\n\r\n", .whitespaceBeforeColon),
        ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .obsoleteFolding),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\tfolded\r\n\r\n", .obsoleteFolding),
        ("GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n", .fieldNameInvalid),
        ("GET / HTTP/1.1\r\nHost: a\r\nnoColon\r\n\r\n", .fieldNameInvalid),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\u{0}: 1\r\n\r\n", .fieldNameInvalid),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n", .fieldValueInvalid),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", .fieldValueInvalid),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n", .fieldValueInvalid),
        (framed("Content-Length: 1\r\nContent-Length: 1"), .repeatedContentLength),
        (framed("Content-Length: 1\r\ncontent-length: 2"), .repeatedContentLength),
        (framed("Content-Length: 1, 1"), .invalidContentLength),
        (framed("Content-Length: +1"), .invalidContentLength),
        (framed("Content-Length: -1"), .invalidContentLength),
        (framed("Content-Length: 0x1"), .invalidContentLength),
        (framed("Content-Length:"), .invalidContentLength),
        (framed("Content-Length: 1 1"), .invalidContentLength),
        (framed("Content-Length: 99999999999999999999"), .invalidContentLength),
        (framed("Content-Length: 4\r\nTransfer-Encoding: chunked"), .contentLengthWithTransferEncoding),
        (framed("Transfer-Encoding: chunked\r\nContent-Length: 4"), .contentLengthWithTransferEncoding),
        (framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), .unsupportedTransferEncoding),
        (framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: x"), .unsupportedTransferEncoding),
        (framed("Transfer-Encoding: x\r\nTransfer-Encoding: chunked"), .unsupportedTransferEncoding),
        (framed("Transfer-Encoding: gzip, chunked"), .unsupportedTransferEncoding),
        (framed("Transfer-Encoding: chunked, identity"), .unsupportedTransferEncoding),
        (framed("Transfer-Encoding: xchunked"), .unsupportedTransferEncoding),
        (framed("Transfer-Encoding: \"chunked\""), .unsupportedTransferEncoding),
        (framed("Transfer-Encoding:\u{0B}chunked"), .fieldValueInvalid),
        (framed("Transfer-Encoding:"), .unsupportedTransferEncoding),
        ("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .unsupportedTransferEncoding),
        (chunked("x\r\n"), .invalidChunkSize),
        (chunked("\r\n"), .invalidChunkSize),
        (chunked("-1\r\n"), .invalidChunkSize),
        (chunked("0x1\r\na\r\n"), .invalidChunkSize),
        (chunked(" 1\r\na\r\n"), .invalidChunkSize),
        (chunked("1 \r\na\r\n"), .invalidChunkSize),
        (chunked("1\na\r\n"), .invalidChunkSize),
        (chunked("1\r\nab\r\n"), .invalidChunkSize),
        (chunked("1\r\na\n0\r\n\r\n"), .invalidChunkSize),
        (chunked("1\ra\r\n"), .invalidChunkSize),
        (chunked("ffffffffffffffff\r\n"), .invalidChunkSize),
        (chunked("0000000000001\r\na\r\n"), .invalidChunkSize),
        (chunked("1;a\nb\r\na\r\n"), .bareLineFeed),
        (chunked("1;\u{0}\r\na\r\n"), .invalidChunkSize),
        (chunked("1;\(String(repeating: "e", count: 5_000))\r\na\r\n"), .chunkExtensionsTooLong),
        (chunked("0\r\nX : 1\r\n\r\n"), .whitespaceBeforeColon),
        (chunked("0\r\nX: 1\n\r\n"), .bareLineFeed),
        (chunked("0\r\nX: \(String(repeating: "t", count: 9_000))\r\n\r\n"), .trailersTooLong),
        (
            "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: 1\r\n", count: 200) + "\r\n",
            .tooManyFields
        ),
    ]

    private static func framed(_ fields: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n0\r\n\r\n"
    }

    private static func chunked(_ body: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
    }

    @Test("bytes one at a time give the same requests as all at once", arguments: valid)
    func feedingDoesNotMatter(_ text: String) {
        let whole = traceRequests(text.pieces(of: .max / 2))
        #expect(whole.error == nil)
        #expect(!whole.lines.isEmpty)
        for size in [1, 2, 3, 7, 16] { #expect(traceRequests(text.pieces(of: size)) == whole) }
    }

    @Test("a malformed request is refused with its reason, however it is cut", arguments: malformed)
    func malformedIsRefused(_ text: String, _ error: HTTPSyntaxError) {
        #expect(traceRequests(text.pieces(of: .max / 2)).error == error)
        #expect(traceRequests(text.pieces(of: 1)).error == error)
    }

    @Test("requests sent ahead come out one after another")
    func pipelining() {
        let text =
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: a\r\n\r\n"
        let trace = traceRequests(text.pieces(of: .max / 2))
        #expect(
            trace.lines == [
                "POST /a length(2) [\"Host=a\", \"Content-Length=2\"]", "body \"hi\"",
                "GET /b none [\"Host=a\"]", "body \"\"",
            ])
    }

    @Test("chunks lose their framing, extensions and trailers")
    func chunksAreDecoded() {
        let trace = traceRequests(Self.valid[3].pieces(of: .max / 2))
        #expect(trace.lines.last == "body \"hello0123456789\"")
    }

    @Test("a head of exactly the limit is accepted, one byte more is refused", arguments: [0, 1])
    func headLimit(_ excess: Int) {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        let fill = String(repeating: "x", count: 512 - start.utf8.count - 4 + excess)
        let limits = RequestReader.Limits(requestLineBytesMax: 64, headBytesMax: 512)
        for size in [1, 1_000] {
            let trace = traceRequests("\(start)\(fill)\r\n\r\n".pieces(of: size), limits: limits)
            #expect(trace.error == (excess == 0 ? nil : .headTooLong))
        }
    }

    @Test("a request line past its limit is refused before its end has come", arguments: [0, 1])
    func requestLineLimit(_ excess: Int) {
        let path = "/" + String(repeating: "p", count: 64 - "GET / HTTP/1.1".utf8.count + excess)
        let limits = RequestReader.Limits(requestLineBytesMax: 64, headBytesMax: 512)
        for size in [1, 1_000] {
            let trace = traceRequests("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n".pieces(of: size), limits: limits)
            #expect(trace.error == (excess == 0 ? nil : .firstLineTooLong))
        }
        let unfinished = traceRequests([ByteBuffer(repeating: UInt8(ascii: "G"), count: 100)], limits: limits)
        #expect(unfinished.error == .firstLineTooLong)
    }

    @Test("a connection is kept in HTTP/1.1 unless it says close, and never in HTTP/1.0")
    func keepAlive() throws {
        func keeps(_ text: String) throws -> Bool {
            try RequestHead(parsing: ByteBuffer(string: text)).keepsAlive
        }
        #expect(try keeps("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(try keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, x\r\n\r\n"))
        #expect(try !keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, CLOSE\r\n\r\n"))
        #expect(try !keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
    }

    @Test("random bytes never break the reader")
    func randomBytes() {
        var generator = SeededGenerator(seed: 42)
        let alphabet = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n;:, chunked0123\u{0}\u{7F}".utf8)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0..<80, using: &generator)
            var bytes = Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
            let keep = Int.random(in: 0...bytes.count, using: &generator)
            bytes.removeLast(bytes.count - keep)
            for _ in 0..<count { bytes.append(alphabet.randomElement(using: &generator) ?? 0) }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(traceRequests(text.pieces(of: 1)) == traceRequests(text.pieces(of: 10_000)))
        }
    }
}
