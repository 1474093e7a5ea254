import HTTPKit
import NIOCore

/// Writes the head that a service gets: the client's, without what must not pass, with what only the gateway knows.
struct UpstreamHeadWriter: Sendable {
    /// Bodies up to this share the head's buffer.
    private static let roomForBody = 16_384
    /// Room for the fields that are added.
    private static let roomForFields = 256

    private let deadlineLine: String

    init(announcedTimeout: TimeAmount) {
        deadlineLine = "Request-Deadline-Ms: \(announcedTimeout.nanoseconds / 1_000_000)\r\n"
    }

    /// The head of `request` for a service on `lane`; `forwardedFor` is the line that names the client's address.
    func head(
        of request: RequestHead, _ framing: BodyFraming, lane: Route.Lane, trace: String, forwardedFor: ByteBuffer,
        endpoint: Endpoint
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        var capacity = request.bytes.readableBytes + Self.roomForFields
        if case .length(let length) = framing { capacity += min(length, Self.roomForBody) }
        buffer.reserveCapacity(capacity)
        let start = request.bytes.readableBytesUInt8Span.extracting(0..<request.targetRange.upperBound)
        buffer.writeBytes(start.bytes)
        buffer.writeStaticString(" HTTP/1.1\r\n")
        let fields = request.fields
        let connectionNamesFields = fields.connectionNamesFields
        fields.copyLines(to: &buffer) { entry in
            FieldPolicy.forwards(request: entry, of: fields, connectionNamesFields: connectionNamesFields)
        }
        if fields.first(.host) == nil {
            buffer.writeString("Host: \(endpoint.authority)\r\n")
        }
        if framing == .chunked { buffer.writeStaticString("Transfer-Encoding: chunked\r\n") }
        buffer.writeImmutableBuffer(forwardedFor)
        if lane == .request { buffer.writeString(deadlineLine) }
        buffer.writeStaticString("traceparent: ")
        buffer.writeString(trace)
        buffer.writeStaticString("\r\n\r\n")
        return buffer
    }
}
