import NIOCore
import Testing

@testable import RedisKit

@Suite struct ReplyParserTests {
    private func makeParser(replyBytesMax: Int = 1 << 20) throws -> ReplyParser {
        try #require(ReplyParser(replyBytesMax: replyBytesMax))
    }

    private func replies(_ parser: ReplyParser, _ text: String) throws -> [RedisValue] {
        try parser.feed(ByteBuffer(string: text))
        var values: [RedisValue] = []
        while let value = try parser.next() {
            values.append(value)
        }
        return values
    }

    @Test func `all types of replies in one read come out, in order`() throws {
        let values = try replies(
            makeParser(), "+OK\r\n-ERR no\r\n:-42\r\n$3\r\na\0b\r\n$-1\r\n*-1\r\n*2\r\n:1\r\n*1\r\n+x\r\n")
        #expect(
            values == [
                .status("OK"), .error("ERR no"), .integer(-42), .bulk([97, 0, 98]), .null, .null,
                .array([.integer(1), .array([.status("x")])]),
            ])
    }

    @Test func `a reply that comes byte by byte is one reply`() throws {
        let parser = try makeParser()
        var values: [RedisValue] = []
        for character in "*2\r\n$5\r\nhello\r\n:7\r\n+next\r\n".unicodeScalars {
            values += try replies(parser, String(character))
        }
        #expect(values == [.array([.bulk(Array("hello".utf8)), .integer(7)]), .status("next")])
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "\0\0\0\0"])
    func `what is not Redis is a violation, and stays one`(text: String) throws {
        let parser = try makeParser()
        let first = #expect(throws: RedisError.self) { try replies(parser, text) }
        #expect(first?.code == .protocolViolation)
        #expect(throws: RedisError.self) { try replies(parser, "+OK\r\n") }
    }

    @Test func `nesting deeper than hiredis allows is a violation, not a crash`() throws {
        let text = String(repeating: "*1\r\n", count: 40) + ":1\r\n"
        let error = #expect(throws: RedisError.self) { try replies(makeParser(), text) }
        #expect(error?.code == .protocolViolation)
    }

    @Test func `a reply that grows past its limit is a violation, many short ones are not`() throws {
        let parser = try makeParser(replyBytesMax: 1000)
        for _ in 0..<100 {
            #expect(try replies(parser, "$50\r\n" + String(repeating: "x", count: 50) + "\r\n").count == 1)
        }
        #expect(try replies(parser, "$5000\r\n" + String(repeating: "x", count: 900)).isEmpty)
        #expect(throws: RedisError.self) { try replies(parser, String(repeating: "x", count: 900)) }
    }
}
