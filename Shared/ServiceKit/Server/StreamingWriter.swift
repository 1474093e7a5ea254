import HTTPKit
import HTTPTypes
import Hummingbird
import NIOCore

/// Writes a body of unknown length piece by piece, at the pace of the client.
struct StreamingWriter: ResponseBodyWriter {
    private let connection: NIOLoopBound<ServerConnection>

    init(_ connection: NIOLoopBound<ServerConnection>) {
        self.connection = connection
    }

    /// Returns when the piece has been taken; throws when the connection is over or the server wants to end.
    func write(_ buffer: ByteBuffer) async throws {
        try Task.checkCancellation()
        // An empty chunk would end the body.
        guard buffer.readableBytes > 0 else { return }
        let connection = connection
        try await connection.eventLoop.flatSubmit { connection.value.sendStreamed(buffer) }.get()
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension ByteBuffer {
    /// These bytes as one chunk (RFC 9112, 7.1).
    var chunk: ByteBuffer {
        var chunk = ByteBuffer()
        chunk.reserveCapacity(readableBytes + 20)
        chunk.writeChunk(self)
        return chunk
    }
}
