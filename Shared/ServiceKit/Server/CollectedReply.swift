import HTTPTypes
import Hummingbird
import NIOCore

/// A reply ready to be written: its body in memory, unless its length is not known beforehand.
struct CollectedReply: Sendable {
    enum Body: Sendable {
        case none
        case bytes(ByteBuffer)
        case stream(ResponseBody)
    }

    private let status: HTTPResponse.Status
    private let fields: HTTPFields
    let body: Body

    /// Nil when there is no reply, or its body breaks off.
    init?(_ response: Response?) async {
        guard let response else { return nil }
        status = response.status
        fields = response.headers
        switch response.body.contentLength {
        case 0: body = .none
        case nil: body = .stream(response.body)
        default:
            let collected = BufferingWriter()
            guard (try? await response.body.write(collected)) != nil else { return nil }
            body = .bytes(collected.buffer)
        }
    }

    private init(status: HTTPResponse.Status, fields: HTTPFields, body: Body) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The same without a body, for a client that wants the head alone or a status that has none.
    func withoutBody() -> CollectedReply {
        CollectedReply(status: status, fields: fields, body: .none)
    }

    /// Whether a status like this one is never followed by a body (RFC 9110, 6.4.1).
    var isBodiless: Bool { status.code < 200 || status == .noContent || status == .notModified }

    /// The bytes of the head, with room for a short body behind it; notes in `manner` what it promises.
    func head(_ manner: inout ReplyManner, date: String) -> ByteBuffer {
        var room = 256
        for field in fields { room += field.name.rawName.utf8.count + field.value.utf8.count + 4 }
        if case .bytes(let bytes) = body { room += bytes.readableBytes }
        var head = ByteBufferAllocator().buffer(capacity: room)
        head.writeStaticString("HTTP/1.1 ")
        head.writeString(String(status.code))
        head.writeStaticString(" ")
        head.writeString(status.reasonPhrase)
        head.writeStaticString("\r\n")
        var closes = !manner.keepsAlive
        for field in fields {
            switch field.name {
            case .connection:
                if field.value == "close" { closes = true }
            // What a HEAD's reply tells is the length that a GET's would have.
            case .contentLength where isBodiless || !manner.isHead: break
            case .transferEncoding, .date: break
            default: head.writeField(field.name.rawName, field.value)
            }
        }
        head.writeField("date", date)
        switch body {
        case .none where isBodiless || manner.isHead: break
        case .none: head.writeField("content-length", "0")
        case .bytes(let bytes): head.writeField("content-length", String(bytes.readableBytes))
        case .stream where manner.knowsChunks:
            manner.isChunked = true
            head.writeField("transfer-encoding", "chunked")
        case .stream: closes = true
        }
        if closes { head.writeField("connection", "close") }
        manner.keepsAlive = !closes
        head.writeStaticString("\r\n")
        return head
    }
}

extension ByteBuffer {
    fileprivate mutating func writeField(_ name: String, _ value: String) {
        writeString(name)
        writeStaticString(": ")
        writeString(value)
        writeStaticString("\r\n")
    }
}
