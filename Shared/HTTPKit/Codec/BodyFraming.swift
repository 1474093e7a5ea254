import NIOCore

/// How the end of a body is found (RFC 9112, 6.3).
package enum BodyFraming: Sendable, Hashable {
    /// There is no body, whatever the fields say.
    case none
    /// Exactly so many bytes follow.
    case length(Int)
    /// Chunks follow, the last of them empty.
    case chunked
    /// The body ends with the connection: responses only.
    case untilClose

    /// The framing of a request.
    ///
    /// Refuses everything that two parsers could read differently: a length beside a transfer coding, two lengths
    /// even when equal, any coding but a single `chunked`, and codings in HTTP/1.0.
    package static func ofRequest(_ head: RequestHead) throws(HTTPSyntaxError) -> BodyFraming {
        try declared(head.fields, head.version) ?? .none
    }

    /// The framing of the final response to a request, which was a HEAD when `requestIsHead`.
    package static func ofResponse(_ head: ResponseHead, requestIsHead: Bool) throws(HTTPSyntaxError) -> BodyFraming {
        let declared = try declared(head.fields, head.version)
        if requestIsHead || head.isInterim || head.status == 204 || head.status == 304 { return .none }
        return declared ?? .untilClose
    }

    /// What the fields say, nil when they say nothing.
    private static func declared(_ fields: HeaderFields, _ version: HTTPVersion) throws(HTTPSyntaxError) -> BodyFraming?
    {
        var length: Int?
        var isChunked = false
        let span = fields.bytes.readableBytesUInt8Span
        for entry in fields.entries {
            switch entry.id {
            case .contentLength:
                guard length == nil else { throw .repeatedContentLength }
                length = try parseLength(span, entry.value)
            case .transferEncoding:
                guard !isChunked, version == .http11, HTTPSyntax.equals(span, entry.value, "chunked") else {
                    throw .unsupportedTransferEncoding
                }
                isChunked = true
            default: break
            }
        }
        if isChunked, length != nil { throw .contentLengthWithTransferEncoding }
        if isChunked { return .chunked }
        return length.map { .length($0) }
    }

    /// Digits only: no sign, no list, no more than fit.
    private static func parseLength(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPSyntaxError) -> Int {
        guard (1...18).contains(range.count) else { throw .invalidContentLength }
        var value = 0
        for index in range {
            guard HTTPSyntax.isDigit(bytes[index]) else { throw .invalidContentLength }
            value = value * 10 + Int(bytes[index] - 48)
        }
        return value
    }
}
