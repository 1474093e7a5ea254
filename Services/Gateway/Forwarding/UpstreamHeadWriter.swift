import HTTPKit
import NIOCore
import ServiceKit

/// Writes the head that a service gets: the client's, without what must not pass, with what only the gateway knows.
struct UpstreamHeadWriter: Sendable {
    /// Bodies up to this share the head's buffer.
    private static let roomForBody = 16_384
    /// Room for the fields that are added.
    private static let roomForFields = 256

    /// The gateway's own lines but for the trace, made once for each client: its address and, for a request that must
    /// end, how long it may take.
    struct ClientLines: Sendable {
        fileprivate let request: ByteBuffer
        fileprivate let stream: ByteBuffer
    }

    private let deadlineLine: String

    init(announcedTimeout: TimeAmount) {
        deadlineLine = "Request-Deadline-Ms: \(announcedTimeout.nanoseconds / 1_000_000)\r\n"
    }

    /// The lines for a client at `address`; nil for one that has none.
    func lines(ofClientAt address: String?) -> ClientLines {
        let forwardedFor = address.map { "X-Forwarded-For: \($0)\r\n" } ?? ""
        return ClientLines(
            request: ByteBuffer(string: "\(forwardedFor)\(deadlineLine)traceparent: "),
            stream: ByteBuffer(string: "\(forwardedFor)traceparent: "))
    }

    /// The head of `request` for a service on `lane`; `client` has the lines about the client,
    /// `host` stands in for a Host field that HTTP/1.0 need not have.
    func head(
        of request: RequestHead, _ framing: BodyFraming, lane: Route.Lane, trace: TraceParent, client: ClientLines,
        host: String
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        var capacity = request.bytes.readableBytes + Self.roomForFields
        if case .length(let length) = framing { capacity += min(length, Self.roomForBody) }
        buffer.reserveCapacity(capacity)
        let isHTTP11 = request.version == .http11
        if !isHTTP11 {
            let start = request.bytes.readableBytesUInt8Span.extracting(0..<request.targetRange.upperBound)
            buffer.writeBytes(start.bytes)
            buffer.writeStaticString(" HTTP/1.1\r\n")
        }
        let fields = request.fields
        let connectionNamesFields = fields.connectionNamesFields
        fields.copyLines(to: &buffer, includesFirstLine: isHTTP11) { entry in
            FieldPolicy.forwards(request: entry, of: fields, connectionNamesFields: connectionNamesFields)
        }
        if fields.first(.host) == nil {
            buffer.writeString("Host: \(host)\r\n")
        }
        if framing == .chunked { buffer.writeStaticString("Transfer-Encoding: chunked\r\n") }
        buffer.writeImmutableBuffer(lane == .request ? client.request : client.stream)
        trace.write(to: &buffer)
        buffer.writeStaticString("\r\n\r\n")
        return buffer
    }
}
