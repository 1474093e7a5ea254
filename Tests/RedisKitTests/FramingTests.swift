import Testing

@testable import RedisKit

@Suite struct FramingTests {
    @Test func `a command is an array of bulk strings with their lengths in bytes`() {
        let command = RedisCommand("SET", "schlüssel", "")
        #expect(String(decoding: command.bytes, as: UTF8.self) == "*3\r\n$3\r\nSET\r\n$10\r\nschlüssel\r\n$0\r\n\r\n")
        #expect(command.runOffset == nil)
    }

    @Test(arguments: [9, 10, 99, 100, 1234])
    func `lengths of every size are written in decimal`(length: Int) {
        let command = RedisCommand(["ECHO", String(repeating: "x", count: length)])
        #expect(String(decoding: command.bytes, as: UTF8.self).contains("\r\n$\(length)\r\nx"))
    }

    @Test func `a script that takes the server's run has its place as the last argument`() throws {
        let script = RedisScript("return ARGV[1]", takesServerRun: true)
        let command = RedisCommand(script, byDigest: true, keys: ["k"], arguments: ["a"])
        let offset = try #require(command.runOffset)
        let zeros = String(repeating: "0", count: 40)
        let words = ["EVALSHA", script.digest, "1", "k", "a", zeros]
        #expect(command.bytes == RedisCommand(words).bytes)
        #expect(offset == command.bytes.count - 42)
    }

    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        (String(repeating: "a", count: 1_000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
    ])
    func `digests are SHA-1's`(message: String, digest: String) {
        #expect(SHA1.hexDigest(of: Array(message.utf8)) == digest)
    }
}
