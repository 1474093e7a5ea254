package import NIOCore

/// Turns the bytes of a connection to a server into the parts of one response after another.
///
/// A pure state machine: it is fed bytes, gives events, and does no I/O.
package struct ResponseReader: Sendable {
    /// What the bytes held next.
    package enum Event: Sendable {
        /// A 1xx response; the final one follows.
        case interim(ResponseHead)
        case head(ResponseHead, BodyFraming)
        case body(ByteBuffer)
        /// The response is complete; `reusable` when the connection may carry another.
        case end(reusable: Bool)
    }

    private enum State {
        case head(HeadScanner)
        case body(BodyDecoder)
        case finished
    }

    /// So many 1xx responses before the final one are accepted.
    private static let interimMax = 16

    private let headBytesMax: Int
    private var buffer = ByteBuffer()
    private var state = State.finished
    private var requestIsHead = false
    private var keepsAlive = false
    private var interimCount = 0
    /// Whether any byte of the current response has come.
    package private(set) var hasBegun = false

    package init(headBytesMax: Int) {
        self.headBytesMax = headBytesMax
    }

    /// Whether bytes are left that no response accounts for; such a connection must not be used again.
    package var hasLeftover: Bool { buffer.readableBytes > 0 }

    /// Expects the response to the next request.
    package mutating func begin(requestIsHead: Bool) {
        state = .head(HeadScanner(headBytesMax: headBytesMax))
        self.requestIsHead = requestIsHead
        keepsAlive = false
        interimCount = 0
        hasBegun = false
    }

    /// Adds bytes that came.
    package mutating func feed(_ bytes: ByteBuffer) {
        hasBegun = true
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next event, nil when more bytes are needed or no response is expected.
    package mutating func next() throws(HTTPSyntaxError) -> Event? {
        switch state {
        case .head(var scanner):
            guard let length = try scanner.scan(buffer.readableBytesUInt8Span),
                let bytes = buffer.readSlice(length: length)
            else {
                state = .head(scanner)
                return nil
            }
            return try received(ResponseHead(parsing: bytes))
        case .body(var decoder):
            defer { if case .body = state { state = .body(decoder) } }
            switch try decoder.next(&buffer) {
            case .bytes(let bytes): return .body(bytes)
            case .end: return finish()
            case nil: return nil
            }
        case .finished:
            return nil
        }
    }

    /// The server closed: the end of a body that ends so, an error in the middle of a response.
    package mutating func inputEnded() throws(HTTPSyntaxError) -> Event? {
        switch state {
        case .head: throw .unexpectedEnd
        case .body(var decoder):
            try decoder.inputEnded()
            keepsAlive = false
            return finish()
        case .finished: return nil
        }
    }

    private mutating func received(_ head: ResponseHead) throws(HTTPSyntaxError) -> Event {
        if head.isInterim {
            interimCount += 1
            // Nobody here asks for another protocol, so 101 answers a question that was not put.
            guard head.status != 101 else { throw .invalidStatusLine }
            guard interimCount <= Self.interimMax else { throw .tooManyInterimResponses }
            state = .head(HeadScanner(headBytesMax: headBytesMax))
            return .interim(head)
        }
        let framing = try BodyFraming.ofResponse(head, requestIsHead: requestIsHead)
        keepsAlive = head.keepsAlive && framing != .untilClose
        state = .body(BodyDecoder(framing))
        return .head(head, framing)
    }

    private mutating func finish() -> Event {
        state = .finished
        // An idle connection needs no memory.
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        return .end(reusable: keepsAlive)
    }
}
