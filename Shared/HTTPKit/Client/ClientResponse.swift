package import NIOCore

/// A complete response of a service.
package struct ClientResponse: Sendable {
    package let status: Int
    package let headers: HeaderFields
    package let body: ByteBuffer

    package init(status: Int, headers: HeaderFields = HeaderFields(), body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
