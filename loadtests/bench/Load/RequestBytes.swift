import HTTPKit
import NIOCore

/// Whole requests as bytes, made before a load so that the generator only copies.
enum RequestBytes {
    /// A request without a body.
    static func get(_ target: String, of endpoint: Endpoint) -> ByteBuffer {
        ByteBuffer(string: "GET \(target) HTTP/1.1\r\nHost: \(endpoint.authority)\r\n\r\n")
    }

    /// The beginning of a POST of JSON, up to its length and whatever else changes from request to request.
    static func postHead(_ target: String, of endpoint: Endpoint, accessToken: String) -> ByteBuffer {
        ByteBuffer(
            string: "POST \(target) HTTP/1.1\r\nHost: \(endpoint.authority)\r\n"
                + "Authorization: Bearer \(accessToken)\r\nContent-Type: application/json\r\n")
    }

    /// Completes a head with an idempotency key, where one is wanted, and the body.
    static func complete(_ head: ByteBuffer, key: String?, body: String) -> ByteBuffer {
        var request = head
        if let key {
            request.writeStaticString("Idempotency-Key: ")
            request.writeString(key)
            request.writeStaticString("\r\n")
        }
        request.writeStaticString("Content-Length: ")
        request.writeString(String(body.utf8.count))
        request.writeStaticString("\r\n\r\n")
        request.writeString(body)
        return request
    }
}
