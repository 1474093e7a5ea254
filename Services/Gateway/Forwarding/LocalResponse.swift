import Contracts
import HTTPKit
import NIOCore
import ServiceKit

/// A response of the gateway itself.
struct LocalResponse: Sendable {
    let status: Int
    /// Nil where there is no body to describe.
    let contentType: String?
    let fields: [(name: String, value: String)]
    let body: ByteBuffer
    let cacheControl: String

    init(
        status: Int, contentType: String?, fields: [(name: String, value: String)], body: ByteBuffer,
        cacheControl: String = "no-store"
    ) {
        self.status = status
        self.contentType = contentType
        self.fields = fields
        self.body = body
        self.cacheControl = cacheControl
    }

    /// The problem document of a refusal.
    init(_ refusal: Refusal, instance path: String?) {
        var fields: [(name: String, value: String)] = []
        if let seconds = refusal.retryAfterSeconds { fields.append(("Retry-After", String(seconds))) }
        if case .methodNotAllowed(let allow) = refusal { fields.append(("Allow", allow)) }
        // A document of texts and numbers always encodes; the fallback keeps the status should that ever change.
        let body =
            (try? WireJSON.encode(refusal.document(instance: path)))
            ?? ByteBuffer(string: #"{"status":\#(refusal.status),"code":"\#(refusal.code)"}"#)
        self.init(status: refusal.status, contentType: ProblemDocument.mediaType, fields: fields, body: body)
    }

    /// The health of the services.
    init(_ health: ServiceHealth.Report) {
        let body = (try? WireJSON.encode(health)) ?? ByteBuffer(string: #"{"status":"\#(health.status)"}"#)
        self.init(status: health.isReady ? 200 : 503, contentType: "application/json", fields: [], body: body)
    }

    /// Appends the whole response, without its body when it answers a HEAD.
    func write(to buffer: inout ByteBuffer, withoutBody: Bool, closes: Bool, trace: TraceParent?) {
        buffer.writeString("HTTP/1.1 \(status) \(Self.reason(status))\r\n")
        if let contentType { buffer.writeString("Content-Type: \(contentType)\r\n") }
        // A 304 has no body whatever it says, and a length would have to be that of the whole document.
        if status != 304 { buffer.writeString("Content-Length: \(body.readableBytes)\r\n") }
        buffer.writeString("Cache-Control: \(cacheControl)\r\n")
        for (name, value) in fields { buffer.writeString("\(name): \(value)\r\n") }
        if closes { buffer.writeStaticString("Connection: close\r\n") }
        if let trace { buffer.writeString("traceparent: \(trace.header)\r\n") }
        buffer.writeStaticString("\r\n")
        if !withoutBody { buffer.writeImmutableBuffer(body) }
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 302: "Found"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 417: "Expectation Failed"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}
