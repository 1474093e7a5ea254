package import NIOCore

/// One request and what came back, for whoever keeps a record.
package struct APIExchange: Sendable {
    package let method: String
    package let target: String
    package let requestBody: ByteBuffer?
    package let reply: APIReply
}
