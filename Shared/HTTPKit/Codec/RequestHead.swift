package import NIOCore

/// The head of a request, parsed in place: the bytes as they came and where its parts lie.
package struct RequestHead: Sendable {
    package let method: RequestMethod
    package let version: HTTPVersion
    /// Where the method lies in `bytes`.
    package let methodRange: Range<Int>
    /// Where the target lies in `bytes`.
    package let targetRange: Range<Int>
    package let fields: HeaderFields

    /// The whole head with its empty last line; its reader index is 0.
    package var bytes: ByteBuffer { fields.bytes }
    /// The target as text.
    package var target: String { fields.text(targetRange) }

    /// Parses `bytes`, which a scanner found to be one complete head.
    ///
    /// Besides the syntax it demands what RFC 9112, 3.2 does: one Host field in HTTP/1.1, with a plausible value.
    package init(parsing bytes: ByteBuffer) throws(HTTPSyntaxError) {
        let span = bytes.readableBytesUInt8Span
        var index = 0
        while index < span.count, HTTPSyntax.isToken(span[index]) { index += 1 }
        methodRange = 0..<index
        guard index > 0, index < span.count, span[index] == HTTPSyntax.space else { throw .invalidRequestLine }
        let targetStart = index + 1
        index = targetStart
        while index < span.count, HTTPSyntax.isTarget(span[index]) { index += 1 }
        targetRange = targetStart..<index
        guard index > targetStart, index < span.count, span[index] == HTTPSyntax.space,
            let version = try HTTPVersion.parse(span, at: index + 1)
        else { throw .invalidRequestLine }
        index += 9
        guard index + 1 < span.count, span[index] == HTTPSyntax.carriageReturn,
            span[index + 1] == HTTPSyntax.lineFeed
        else { throw .invalidRequestLine }
        var entries: [HeaderFields.Entry] = []
        entries.reserveCapacity(16)
        try FieldParser.parse(span, from: index + 2, into: &entries)
        method = .parse(span, methodRange)
        self.version = version
        fields = HeaderFields(bytes: bytes, entries: entries)
        try Self.checkHost(fields, version)
    }

    /// Whether the connection may carry another request after this one.
    package var keepsAlive: Bool {
        version == .http11 && !fields.connectionNames("close")
    }

    private static func checkHost(_ fields: HeaderFields, _ version: HTTPVersion) throws(HTTPSyntaxError) {
        var seen = false
        let span = fields.bytes.readableBytesUInt8Span
        for entry in fields.entries where entry.id == .host {
            if seen { throw .duplicateHost }
            seen = true
            for index in entry.value {
                switch span[index] {
                case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"),
                    UInt8(ascii: ","), HTTPSyntax.space, HTTPSyntax.tab, 0x80...:
                    throw .invalidHost
                default: break
                }
            }
        }
        if !seen, version == .http11 { throw .missingHost }
    }
}
