import HTTPKit
import NIOCore

/// What the gateway shows of itself to everyone, made once at its start.
struct PublicDocuments: Sendable {
    /// The addresses.
    enum Name: Sendable, Hashable {
        case home, documentation, specification

        /// The document at `path`; nil when there is none.
        init?(_ bytes: Span<UInt8>, _ path: Range<Int>) {
            if HTTPSyntax.isExactly(bytes, path, "/docs") {
                self = .documentation
            } else if HTTPSyntax.isExactly(bytes, path, "/openapi.json") {
                self = .specification
            } else if HTTPSyntax.isExactly(bytes, path, "/") {
                self = .home
            } else {
                return nil
            }
        }
    }

    private let specification: PublicDocument
    private let documentation: PublicDocument
    private let home = LocalResponse(
        status: 302, contentType: nil, fields: [("Location", "/docs")], body: ByteBuffer(), cacheControl: "no-cache")

    /// Puts the documents together from what is built into this executable.
    init() throws(OpenAPIError) {
        let document = try OpenAPIDocument(merging: OpenAPIDocument.embedded)
        specification = PublicDocument(document.root.compactText, contentType: "application/json")
        documentation = DocumentationPage(document).document
    }

    /// The answer to a read of `name`.
    func response(_ name: Name, to request: HeaderFields) -> LocalResponse {
        switch name {
        case .home: home
        case .documentation: documentation.response(to: request)
        case .specification: specification.response(to: request)
        }
    }
}
