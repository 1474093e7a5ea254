package import NIOCore

/// The head of a response, parsed in place: the bytes as they came and where its parts lie.
package struct ResponseHead: Sendable {
    /// 100–599.
    package let status: Int
    package let version: HTTPVersion
    /// Where the status code and the reason lie in `bytes`: `200 OK`.
    package let statusRange: Range<Int>
    package let fields: HeaderFields

    /// The whole head with its empty last line; its reader index is 0.
    package var bytes: ByteBuffer { fields.bytes }
    /// Whether another response to the same request follows.
    package var isInterim: Bool { status < 200 }

    /// Parses `bytes`, which a scanner found to be one complete head.
    package init(parsing bytes: ByteBuffer) throws(HTTPSyntaxError) {
        let span = bytes.readableBytesUInt8Span
        guard span.count > 14, let version = try HTTPVersion.parse(span, at: 0), span[8] == HTTPSyntax.space else {
            throw .invalidStatusLine
        }
        var status = 0
        for index in 9..<12 {
            guard HTTPSyntax.isDigit(span[index]) else { throw .invalidStatusLine }
            status = status * 10 + Int(span[index] - 48)
        }
        guard (100...599).contains(status) else { throw .invalidStatusLine }
        var index = 12
        // The space before an empty reason is often left out; that is harmless, so it is accepted.
        guard span[index] == HTTPSyntax.space || span[index] == HTTPSyntax.carriageReturn else {
            throw .invalidStatusLine
        }
        while HTTPSyntax.isFieldValue(span[index]) { index += 1 }
        guard span[index] == HTTPSyntax.carriageReturn, span[index + 1] == HTTPSyntax.lineFeed else {
            throw .invalidStatusLine
        }
        var entries: [HeaderFields.Entry] = []
        entries.reserveCapacity(12)
        try FieldParser.parse(span, from: index + 2, into: &entries)
        self.status = status
        self.version = version
        statusRange = 9..<index
        fields = HeaderFields(bytes: bytes, entries: entries)
    }

    /// Whether the connection may carry another exchange after this one.
    package var keepsAlive: Bool {
        version == .http11 && !fields.connectionNames("close")
    }
}
