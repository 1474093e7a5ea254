import HTTPKit
import NIOCore
import Testing

@Suite struct ChunkWriterTests {
    @Test(
        "sizes of chunks are hexadecimal", arguments: [(1, "1"), (15, "f"), (16, "10"), (255, "ff"), (65_536, "10000")])
    func chunkSizes(_ count: Int, _ text: String) {
        var buffer = ByteBuffer()
        buffer.writeChunkSize(count)
        #expect(String(buffer: buffer) == "\(text)\r\n")
    }

    @Test("a chunk is its size, its bytes and a line break")
    func chunk() {
        var buffer = ByteBuffer()
        buffer.writeChunk(ByteBuffer(string: "data: x\n\n"))
        buffer.writeStaticString(ByteBuffer.lastChunk)
        #expect(String(buffer: buffer) == "9\r\ndata: x\n\n\r\n0\r\n\r\n")
    }
}
