package import NIOCore

/// Turns the bytes of a client's connection into the parts of one request after another.
///
/// A pure state machine: it is fed bytes, gives events, and does no I/O. Requests that a client sends ahead of the
/// replies stay in it until `next` is called for them.
package struct RequestReader: Sendable {
    /// What the bytes held next.
    package enum Event: Sendable {
        case head(RequestHead, BodyFraming)
        case body(ByteBuffer)
        case end
    }

    /// The limits on a request's head.
    package struct Limits: Sendable {
        package let requestLineBytesMax: Int
        package let headBytesMax: Int

        package init(requestLineBytesMax: Int = 8_192, headBytesMax: Int = 16_384) {
            self.requestLineBytesMax = requestLineBytesMax
            self.headBytesMax = headBytesMax
        }
    }

    private enum State {
        case between
        case head(HeadScanner)
        case body(BodyDecoder)
    }

    private let limits: Limits
    private var buffer = ByteBuffer()
    private var state = State.between
    private var skippedEmptyLine = false

    package init(limits: Limits) {
        self.limits = limits
    }

    /// Bytes that came and are not yet part of an event.
    package var bufferedBytes: Int { buffer.readableBytes }

    /// Whether it waits for a request of which nothing has come.
    package var isBetweenRequests: Bool {
        if case .between = state { buffer.readableBytes == 0 } else { false }
    }

    /// Adds bytes that came.
    package mutating func feed(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next event, nil when more bytes are needed.
    package mutating func next() throws(HTTPSyntaxError) -> Event? {
        if case .between = state {
            guard skipEmptyLine() else { return nil }
            state = .head(HeadScanner(headBytesMax: limits.headBytesMax, firstLineBytesMax: limits.requestLineBytesMax))
        }
        switch state {
        case .head(var scanner):
            guard let length = try scanner.scan(buffer.readableBytesUInt8Span),
                let bytes = buffer.readSlice(length: length)
            else {
                state = .head(scanner)
                return nil
            }
            let head = try RequestHead(parsing: bytes)
            let framing = try BodyFraming.ofRequest(head)
            state = .body(BodyDecoder(framing))
            return .head(head, framing)
        case .body(var decoder):
            let part = try decoder.next(&buffer)
            state = .body(decoder)
            switch part {
            case .bytes(let bytes): return .body(bytes)
            case .end:
                state = .between
                skippedEmptyLine = false
                releaseEmptyBuffer()
                return .end
            case nil: return nil
            }
        case .between:
            return nil
        }
    }

    /// Lets go of the memory that the bytes came in: an idle connection needs none.
    private mutating func releaseEmptyBuffer() {
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
    }

    /// Skips the one empty line that RFC 9112, 2.2 forgives before a request; false when more bytes are needed.
    private mutating func skipEmptyLine() -> Bool {
        guard let first: UInt8 = buffer.getInteger(at: buffer.readerIndex) else { return false }
        guard first == HTTPSyntax.carriageReturn, !skippedEmptyLine else { return true }
        guard let second: UInt8 = buffer.getInteger(at: buffer.readerIndex + 1) else { return false }
        if second == HTTPSyntax.lineFeed {
            buffer.moveReaderIndex(forwardBy: 2)
            skippedEmptyLine = true
            return buffer.readableBytes > 0
        }
        return true
    }
}
