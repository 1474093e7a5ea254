package import NIOCore

/// A request to a service.
package struct ClientRequest: Sendable {
    package var method: String
    /// The path, and the query behind its `?`.
    package var target: String
    /// Without Host, Content-Length, Connection and Transfer-Encoding: the client writes those.
    package var headers: HeaderFields
    package var body: ByteBuffer?

    package init(method: String, target: String, headers: HeaderFields = HeaderFields(), body: ByteBuffer? = nil) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}
