package import NIOCore

/// One end of a TCP connection in a test, read and written byte by byte as the test wishes.
///
/// It knows just enough HTTP to find the end of a head; everything else a test spells out, so that it can misbehave.
package final class RawConnection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let channel: any Channel
    private var buffer = ByteBuffer()

    /// The peer closed before the bytes that were asked for came.
    package struct EndOfStream: Error {
        package let received: String
    }

    init(inbound: NIOAsyncChannelInboundStream<ByteBuffer>, channel: any Channel) {
        self.inbound = inbound.makeAsyncIterator()
        self.channel = channel
    }

    /// Sends text as it is.
    package func write(_ text: String) async throws {
        try await write(ByteBuffer(string: text))
    }

    /// Sends bytes as they are; returns when the kernel has them, so a peer that does not read holds it up.
    package func write(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
    }

    /// The next head with its empty last line.
    package func readHead() async throws -> String {
        while true {
            let view = buffer.readableBytesView
            if let end = view.indices.first(where: { index in
                view[index] == 10 && index - view.startIndex >= 3 && view[index - 1] == 13 && view[index - 2] == 10
            }) {
                return buffer.readString(length: end - view.startIndex + 1) ?? ""
            }
            try await fill()
        }
    }

    /// The next `count` bytes as text.
    package func read(_ count: Int) async throws -> String {
        while buffer.readableBytes < count { try await fill() }
        return buffer.readString(length: count) ?? ""
    }

    /// Everything up to the moment the peer closes; a reset counts as a close.
    package func readToEnd() async -> String {
        do {
            while true { try await fill() }
        } catch {
            return buffer.readString(length: buffer.readableBytes) ?? ""
        }
    }

    /// Everything up to and with the first occurrence of `text`.
    package func read(through text: String) async throws -> String {
        while true {
            let seen = String(buffer: buffer)
            if let range = seen.firstRange(of: text) {
                let length = seen[..<range.upperBound].utf8.count
                return buffer.readString(length: length) ?? ""
            }
            try await fill()
        }
    }

    /// Waits until the peer closes and throws its bytes away.
    package func drain() async {
        _ = await readToEnd()
    }

    /// Closes both directions now.
    package func close() async throws {
        try await channel.close()
    }

    private func fill() async throws {
        guard let bytes = try await inbound.next() else { throw EndOfStream(received: String(buffer: buffer)) }
        buffer.writeImmutableBuffer(bytes)
    }
}
