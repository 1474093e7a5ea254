import HTTPKit
import NIOCore
import ServiceKit

/// How the end of a response's body is shown to the client.
enum ClientFraming: Sendable, Hashable {
    /// By its length, or because there is none: the bytes pass as they are.
    case asIs
    case chunked
    /// By the end of the connection: HTTP/1.0 knows no chunks.
    case untilClose

    /// The framing towards a client of `version` for a body that came with `framing`.
    init(_ framing: BodyFraming, for version: HTTPVersion) {
        switch framing {
        case .none, .length: self = .asIs
        case .chunked, .untilClose: self = version == .http11 ? .chunked : .untilClose
        }
    }
}

/// Writes the head that a client gets: the service's, without what must not pass.
enum ClientHeadWriter {
    /// Room for the fields that are added.
    private static let roomForFields = 160

    /// Appends the head of a final response, and makes room for `roomForBody` bytes behind it.
    static func write(
        _ response: ResponseHead, _ framing: ClientFraming, closes: Bool, roomForBody: Int, trace: TraceParent,
        to buffer: inout ByteBuffer
    ) {
        writeStatusAndFields(response, room: roomForBody, to: &buffer)
        if framing == .chunked { buffer.writeStaticString("Transfer-Encoding: chunked\r\n") }
        if closes { buffer.writeStaticString("Connection: close\r\n") }
        buffer.writeStaticString("traceparent: ")
        trace.write(to: &buffer)
        buffer.writeStaticString("\r\n\r\n")
    }

    /// Appends a 1xx response.
    static func write(interim response: ResponseHead, to buffer: inout ByteBuffer) {
        writeStatusAndFields(response, room: 0, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    private static func writeStatusAndFields(_ response: ResponseHead, room: Int, to buffer: inout ByteBuffer) {
        buffer.reserveCapacity(minimumWritableBytes: response.bytes.readableBytes + roomForFields + room)
        // The space before a reason is required even when there is no reason.
        let firstLineIsGood = response.version == .http11 && response.statusRange.count > 3
        if !firstLineIsGood {
            buffer.writeStaticString("HTTP/1.1 ")
            buffer.writeBytes(response.bytes.readableBytesUInt8Span.extracting(response.statusRange).bytes)
            if response.statusRange.count == 3 { buffer.writeStaticString(" ") }
            buffer.writeStaticString("\r\n")
        }
        let fields = response.fields
        let connectionNamesFields = fields.connectionNamesFields
        fields.copyLines(to: &buffer, includesFirstLine: firstLineIsGood) { entry in
            FieldPolicy.forwards(response: entry, of: fields, connectionNamesFields: connectionNamesFields)
        }
    }
}
