package import NIOCore

extension ByteBuffer {
    /// The empty chunk that ends a body.
    package static let lastChunk: StaticString = "0\r\n\r\n"

    /// Appends the line that announces a chunk of `count` bytes.
    package mutating func writeChunkSize(_ count: Int) {
        let digits = max(1, (Int.bitWidth - count.leadingZeroBitCount + 3) / 4)
        for place in stride(from: (digits - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: (count >> place) & 0xF)
            writeInteger(digit < 10 ? digit + 48 : digit + 87)
        }
        writeStaticString("\r\n")
    }

    /// Appends `bytes` as one chunk.
    package mutating func writeChunk(_ bytes: ByteBuffer) {
        writeChunkSize(bytes.readableBytes)
        writeImmutableBuffer(bytes)
        writeStaticString("\r\n")
    }
}
