package import NIOCore

/// Cuts a body out of the bytes of a connection, whatever its framing.
package struct BodyDecoder: Sendable {
    /// A piece of a body.
    package enum Part: Sendable, Hashable {
        /// Some of its bytes, without any framing.
        case bytes(ByteBuffer)
        /// The body is complete; what follows in the buffer belongs to the next message.
        case end
    }

    private enum State {
        case length(Int)
        case chunked(ChunkDecoder)
        case untilClose
        case finished
    }

    private var state: State

    package init(_ framing: BodyFraming) {
        state =
            switch framing {
            case .none: .finished
            case .length(let length): .length(length)
            case .chunked: .chunked(ChunkDecoder())
            case .untilClose: .untilClose
            }
    }

    /// Takes the next piece from the front of `buffer`; nil when more bytes are needed, `.end` ever after the end.
    package mutating func next(_ buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> Part? {
        switch state {
        case .length(0), .finished:
            state = .finished
            return .end
        case .length(let remaining):
            guard let bytes = take(remaining, &buffer) else { return nil }
            state = .length(remaining - bytes.readableBytes)
            return .bytes(bytes)
        case .untilClose:
            return take(.max, &buffer).map { .bytes($0) }
        case .chunked(var decoder):
            defer { state = .chunked(decoder) }
            return try decoder.next(&buffer)
        }
    }

    /// The peer closed: fine for a body that ends so, an error for every other that has not ended.
    package mutating func inputEnded() throws(HTTPSyntaxError) {
        switch state {
        case .untilClose, .finished, .length(0): state = .finished
        case .length, .chunked: throw .unexpectedEnd
        }
    }

    private func take(_ count: Int, _ buffer: inout ByteBuffer) -> ByteBuffer? {
        guard buffer.readableBytes > 0 else { return nil }
        return buffer.readSlice(length: min(count, buffer.readableBytes))
    }
}
