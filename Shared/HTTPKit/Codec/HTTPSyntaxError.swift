/// Why bytes are not an HTTP/1.1 message that this codec accepts.
///
/// The parser is strict on purpose: what two parsers may read differently is how requests are smuggled, so anything
/// doubtful is refused instead of repaired.
package enum HTTPSyntaxError: Error, Sendable, Hashable {
    case bareLineFeed
    case chunkExtensionsTooLong
    case contentLengthWithTransferEncoding
    case duplicateHost
    case fieldNameInvalid
    case fieldValueInvalid
    case firstLineTooLong
    case headTooLong
    case invalidChunkSize
    case invalidContentLength
    case invalidHost
    case invalidRequestLine
    case invalidStatusLine
    case missingHost
    case obsoleteFolding
    case repeatedContentLength
    case tooManyFields
    case tooManyInterimResponses
    case trailersTooLong
    case unexpectedEnd
    case unsupportedTransferEncoding
    case unsupportedVersion
    case whitespaceBeforeColon
}
