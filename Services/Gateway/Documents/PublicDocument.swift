import HTTPKit
import NIOCore
import ServiceKit

/// A document of the gateway's own, as bytes that are ready to be sent.
struct PublicDocument: Sendable {
    /// One way to send it.
    private struct Variant: Sendable {
        let body: ByteBuffer
        let entityTag: String
        let fields: [(name: String, value: String)]
    }

    private let contentType: String
    private let plain: Variant
    private let compressed: Variant?

    /// - Parameter fields: header fields besides those that every document has
    init(_ text: String, contentType: String, fields: [(name: String, value: String)] = []) {
        self.contentType = contentType
        let body = ByteBuffer(string: text)
        plain = Self.variant(body, encoding: nil, fields)
        compressed = Gzip.compress(body).map { Self.variant($0, encoding: "gzip", fields) }
    }

    private static func variant(
        _ body: ByteBuffer, encoding: String?, _ fields: [(name: String, value: String)]
    ) -> Variant {
        let entityTag = body.entityTag
        var all = [("ETag", entityTag), ("Vary", "Accept-Encoding"), ("X-Content-Type-Options", "nosniff")] + fields
        if let encoding { all.append(("Content-Encoding", encoding)) }
        return Variant(body: body, entityTag: entityTag, fields: all)
    }

    /// The answer to a request: compressed where its client takes that, 304 where it has the same bytes already.
    func response(to request: HeaderFields) -> LocalResponse {
        let takesGzip = Gzip.isAccepted(by: request.first("accept-encoding"))
        let variant = takesGzip ? compressed ?? plain : plain
        let isKnown = EntityTag.matches(variant.entityTag, ifNoneMatch: request.first("if-none-match"))
        return LocalResponse(
            status: isKnown ? 304 : 200, contentType: isKnown ? nil : contentType, fields: variant.fields,
            body: isKnown ? ByteBuffer() : variant.body, cacheControl: "no-cache")
    }
}
