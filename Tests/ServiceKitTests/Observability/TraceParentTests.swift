import NIOCore
import Testing

@testable import ServiceKit

@Suite struct TraceParentTests {
    private let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func `a request continues its caller's trace in a span of its own`() {
        let own = TraceParent(continuing: header)
        #expect(own.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(own.spanID != "b7ad6b7169203331")
        #expect(own.header.hasSuffix("-01"))
        #expect(TraceParent(parsing: own.header) == own)
    }

    @Test(arguments: [
        "", "00", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ])
    func `a malformed header begins a new trace`(header: String) {
        #expect(TraceParent(parsing: header) == nil)
        #expect(TraceParent(continuing: header).traceID.count == 32)
    }

    @Test func `a later version may carry more`() {
        #expect(TraceParent(parsing: "cc" + header.dropFirst(2) + "-what") != nil)
        #expect(TraceParent(parsing: "cc" + header.dropFirst(2) + "what") == nil)
    }

    @Test func `new traces differ`() {
        let ids = Set((0..<10_000).map { _ in TraceParent(continuing: nil).traceID })
        #expect(ids.count == 10_000)
        #expect(ids.allSatisfy { $0.count == 32 })
    }

    @Test func `bytes are read and written as text is`() throws {
        let read = TraceParent(parsing: ByteBuffer(string: header).readableBytesUInt8Span)
        let own = try #require(read)
        #expect(own == TraceParent(parsing: header))
        #expect(own.header == header)
        for _ in 0..<1_000 {
            let made = TraceParent(continuing: nil)
            var buffer = ByteBuffer()
            made.write(to: &buffer)
            #expect(String(buffer: buffer) == made.header)
        }
    }
}
