import Contracts
import HTTPTypes
package import Hummingbird
import NIOCore

extension Problem: ResponseGenerator {
    package func response(from request: Request, context: some RequestContext) -> Response {
        response(instance: request.uri.path)
    }

    /// The answer, for a request of `path`.
    package func response(instance path: String?) -> Response {
        var headers = HTTPFields()
        headers.reserveCapacity(5)
        headers[.contentType] = ProblemDocument.mediaType
        headers[.cacheControl] = "no-store"
        if let retryAfterSeconds { headers[.retryAfter] = String(retryAfterSeconds) }
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        let body = Body(document: document(instance: path), extra: extra)
        // A document of texts and numbers always encodes; the fallback keeps the status should that ever change.
        let bytes = (try? WireJSON.encode(body)) ?? ByteBuffer(string: #"{"status":\#(status.code)}"#)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    /// The document with its additional members beside the declared ones.
    private struct Body: Encodable {
        let document: ProblemDocument
        let extra: [String: String]

        func encode(to encoder: any Encoder) throws {
            try document.encode(to: encoder)
            var container = encoder.container(keyedBy: MemberName.self)
            for (name, value) in extra { try container.encode(value, forKey: MemberName(stringValue: name)) }
        }
    }

    private struct MemberName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }
}
