package import Checker
package import HTTPKit
import NIOCore

extension APIClient {
    /// Sends `text` as the body, whatever it is.
    package func send(
        _ method: String, _ target: String, text: String, headers: HeaderFields = HeaderFields()
    ) async throws(HTTPClientError) -> APIReply {
        try await send(method, target, body: ByteBuffer(string: text), headers: headers)
    }
}
