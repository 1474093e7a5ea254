import HTTPKit
import HTTPTypes
import Hummingbird
import NIOCore

/// A request whose head has come, and as much of its body as has come since.
struct ArrivingRequest {
    let head: RequestHead
    /// Whether its body is larger than is read, which only the reply remains to say.
    private(set) var isTooLarge: Bool
    private let framing: BodyFraming
    private let bodyBytesMax: Int
    private var body = ByteBuffer()

    /// Header fields that nearly every request has, so that their names need not be made of text each time.
    private static let usualNames: [(StaticString, HTTPField.Name)] = [
        ("authorization", .authorization), ("content-type", .contentType), ("content-length", .contentLength),
        ("accept", .accept), ("accept-encoding", .acceptEncoding), ("user-agent", .userAgent),
        ("traceparent", .traceparent), ("x-forwarded-for", .xForwardedFor),
        ("request-deadline-ms", .requestDeadline), ("idempotency-key", .idempotencyKey),
        ("connection", .connection), ("if-none-match", .ifNoneMatch),
    ]

    init(_ head: RequestHead, _ framing: BodyFraming, bodyBytesMax: Int) {
        self.head = head
        self.framing = framing
        self.bodyBytesMax = bodyBytesMax
        if case .length(let length) = framing, length > bodyBytesMax {
            isTooLarge = true
        } else {
            isTooLarge = false
        }
    }

    /// Whether the client waits to be told that the body is welcome (RFC 9110, 10.1.1).
    var wantsContinue: Bool {
        guard framing != .none, framing != .length(0), head.version == .http11,
            let expectation = head.fields.first(.expect)
        else { return false }
        return HTTPSyntax.equals(head.bytes.readableBytesUInt8Span, expectation.value, "100-continue")
    }

    mutating func append(_ bytes: ByteBuffer) {
        if body.readableBytes == 0 {
            body = bytes
        } else {
            body.writeImmutableBuffer(bytes)
        }
        if body.readableBytes > bodyBytesMax { isTooLarge = true }
    }

    /// The request as routes see it.
    func request() -> Request {
        let source = head.bytes.readableBytesUInt8Span
        var fields = HTTPFields()
        fields.reserveCapacity(head.fields.entries.count)
        var authority: String?
        for entry in head.fields.entries {
            if entry.id == .host {
                authority = head.fields.text(entry.value)
            } else if let name = name(source, entry.name) {
                fields.append(HTTPField(name: name, value: head.fields.text(entry.value)))
            }
        }
        return Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: authority, path: head.target, headerFields: fields),
            body: RequestBody(buffer: body))
    }

    private func name(_ source: Span<UInt8>, _ range: Range<Int>) -> HTTPField.Name? {
        for (text, name) in Self.usualNames
        where text.utf8CodeUnitCount == range.count && HTTPSyntax.equals(source, range, text) {
            return name
        }
        return HTTPField.Name(head.fields.text(range))
    }

    /// The reader has checked that it is a token, so that there is no other than the last case.
    private var method: HTTPRequest.Method {
        switch head.method {
        case .get: .get
        case .head: .head
        case .post: .post
        case .put: .put
        case .delete: .delete
        case .patch: .patch
        case .options: .options
        case .trace: .trace
        case .connect: .connect
        case .other: HTTPRequest.Method(head.fields.text(head.methodRange)) ?? .trace
        }
    }
}
