import Foundation
import HTTPTypes
import NIOCore
import ServiceKit
import TestSupport
import Testing

@Suite struct GzipTests {
    @Test(
        "gzip is used where the client takes it",
        arguments: [
            ("gzip", true), ("deflate, gzip;q=0.5", true), ("*", true), ("GZIP", true), ("gzip;q=0", false),
            ("gzip; q=0.0", false), ("br", false), ("", false), ("xgzip", false),
        ])
    func accepted(header: String, expected: Bool) {
        #expect(Gzip.isAccepted(by: [.acceptEncoding: header]) == expected)
    }

    @Test("what is compressed is smaller, and another implementation reads it", arguments: [1, 5000, 1_000_000])
    func roundTrip(count: Int) throws {
        let text = String(repeating: #"{"seatNumber":"A-1-12","status":"Available"},"#, count: count / 45 + 1)
        let compressed = try #require(Gzip.compress(ByteBuffer(string: text)))
        #expect(count < 100 || compressed.readableBytes < text.utf8.count / 10)
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/text.gz"
        try Data(compressed.readableBytesView).write(to: URL(fileURLWithPath: path))
        let gunzip = Process()
        gunzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
        gunzip.arguments = ["-dk", path]
        try gunzip.run()
        gunzip.waitUntilExit()
        #expect(try String(contentsOfFile: "\(directory.path)/text", encoding: .utf8) == text)
    }
}
