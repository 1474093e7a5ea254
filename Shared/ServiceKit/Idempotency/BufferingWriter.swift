import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Collects a response's body in memory.
final class BufferingWriter: ResponseBodyWriter, Sendable {
    private let collected = Mutex(ByteBuffer())

    var buffer: ByteBuffer { collected.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        collected.withLock { collected in
            if collected.readableBytes == 0 {
                collected = buffer
            } else {
                collected.writeImmutableBuffer(buffer)
            }
        }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
