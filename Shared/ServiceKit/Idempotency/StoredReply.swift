import Contracts
import HTTPTypes
package import Hummingbird
import NIOCore

/// An answer as it was first given, kept to be given again byte by byte.
package struct StoredReply: Sendable, Hashable {
    /// The HTTP status code.
    package let status: Int
    package let contentType: String
    /// The body as text; all bodies of the wire contract are UTF-8.
    package let body: String

    package init(status: Int, contentType: String = Response.jsonMediaType, body: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// The reply to keep for `value`, written once so that the first answer and its repeats are the same bytes.
    package init(status: Int, json value: some Encodable) throws {
        self.init(status: status, body: String(buffer: try WireJSON.encode(value)))
    }

    /// The answer; marked with `Idempotent-Replayed` when it is given again.
    package func response(replayed: Bool) -> Response {
        var headers: HTTPFields = [.contentType: contentType]
        if replayed { headers[.idempotentReplayed] = "true" }
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
