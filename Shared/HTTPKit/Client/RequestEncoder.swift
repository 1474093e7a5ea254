import NIOCore

/// Writes a request as the bytes that go onto the wire.
enum RequestEncoder {
    /// Bodies up to this are copied behind their head, which is cheaper than a second buffer.
    static let copiedBodyBytesMax = 16_384

    /// The field that tells a service how many milliseconds its caller still waits.
    static let deadlineField = "Request-Deadline-Ms"

    /// The bytes of `request`; a body too large to be copied comes as the second buffer.
    static func encode(
        _ request: ClientRequest, host: String, deadline: Deadline
    ) throws(HTTPClientError) -> (head: ByteBuffer, body: ByteBuffer?) {
        try validate(request)
        let bodyLength = request.body?.readableBytes ?? 0
        let copiesBody = bodyLength <= copiedBodyBytesMax
        var buffer = ByteBuffer()
        buffer.reserveCapacity(
            request.target.utf8.count + request.headers.bytes.readableBytes + 160 + (copiesBody ? bodyLength : 0))
        buffer.writeString(request.method)
        buffer.writeStaticString(" ")
        buffer.writeString(request.target)
        buffer.writeStaticString(" HTTP/1.1\r\nHost: ")
        buffer.writeString(host)
        buffer.writeStaticString("\r\n")
        request.headers.write(to: &buffer)
        if !request.headers.contains(deadlineField) {
            buffer.writeString(deadlineField)
            buffer.writeStaticString(": ")
            buffer.writeString(String(max(1, (deadline.instant - .now()).nanoseconds / 1_000_000)))
            buffer.writeStaticString("\r\n")
        }
        if request.body != nil || request.method == "POST" || request.method == "PUT" || request.method == "PATCH" {
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(bodyLength))
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("\r\n")
        guard let body = request.body, bodyLength > 0 else { return (buffer, nil) }
        if !copiesBody { return (buffer, body) }
        buffer.writeImmutableBuffer(body)
        return (buffer, nil)
    }

    /// Refuses what would end a line early or say two things about the body.
    private static func validate(_ request: ClientRequest) throws(HTTPClientError) {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(HTTPSyntax.isToken) else {
            throw HTTPClientError(.invalidRequest, "the method is not a token")
        }
        guard request.target.utf8.first == UInt8(ascii: "/"), request.target.utf8.allSatisfy(HTTPSyntax.isTarget) else {
            throw HTTPClientError(.invalidRequest, "the target is not a path of visible ASCII characters")
        }
        guard request.headers.areWellFormed else {
            throw HTTPClientError(.invalidRequest, "a header field is malformed")
        }
        for entry in request.headers.entries {
            switch entry.id {
            case .connection, .contentLength, .host, .transferEncoding, .expect, .upgrade:
                let name = request.headers.text(entry.name)
                throw HTTPClientError(.invalidRequest, "\(name) is written by the client itself")
            default: break
            }
        }
    }
}
