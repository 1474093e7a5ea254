import Contracts
package import HTTPKit
package import NIOCore

/// A buyer's, organizer's or operator's view of Holdfast: JSON requests to the gateway, with one person's token.
package struct APIClient: Sendable {
    private let http: HTTPClient
    private let gateway: HTTPClient.Destination
    /// Whose requests these are; nil for somebody who is not signed in.
    package var accessToken: String?
    /// How long one request may take.
    package var timeout: Duration
    /// Told of every reply; tests keep a record with it.
    package var onReply: (@Sendable (APIExchange) -> Void)?

    /// A client of one gateway, or of several that stand for each other.
    package init(
        http: HTTPClient, gateway: HTTPClient.Destination, accessToken: String? = nil,
        timeout: Duration = .seconds(15)
    ) {
        self.http = http
        self.gateway = gateway
        self.accessToken = accessToken
        self.timeout = timeout
    }

    /// The same client with another person's token.
    package func with(accessToken: String?) -> APIClient {
        var copy = self
        copy.accessToken = accessToken
        return copy
    }

    /// Sends `body` as it is, with a content type of JSON unless the headers name another one.
    package func send(
        _ method: String, _ target: String, body: ByteBuffer?, headers: HeaderFields = HeaderFields()
    ) async throws(HTTPClientError) -> APIReply {
        var headers = headers
        if let accessToken, !headers.contains("Authorization") {
            headers.add("Authorization", "Bearer \(accessToken)")
        }
        if body != nil, !headers.contains("Content-Type") { headers.add("Content-Type", "application/json") }
        let request = ClientRequest(method: method, target: target, headers: headers, body: body)
        let response = try await http.send(request, to: gateway, deadline: .after(timeout))
        let reply = APIReply(status: response.status, headers: response.headers, body: response.body)
        onReply?(APIExchange(method: method, target: target, requestBody: body, reply: reply))
        return reply
    }

    /// Sends a value as JSON; `key` becomes the `Idempotency-Key`.
    package func send(
        _ method: String, _ target: String, json: some Encodable, key: String? = nil
    ) async throws -> APIReply {
        var headers = HeaderFields()
        if let key { headers.add("Idempotency-Key", key) }
        return try await send(method, target, body: try WireJSON.encode(json), headers: headers)
    }

    /// Sends a request without a body.
    package func send(_ method: String, _ target: String) async throws(HTTPClientError) -> APIReply {
        try await send(method, target, body: nil)
    }

    /// Reads a resource.
    package func get<Value: Decodable>(_ target: String, as type: Value.Type = Value.self) async throws -> Value {
        try await send("GET", target).value(type)
    }
}
