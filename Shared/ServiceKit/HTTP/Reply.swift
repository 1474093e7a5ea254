package import HTTPTypes
package import Hummingbird

/// What a controller answers: a value, its status and perhaps headers. Wire types need to know nothing of HTTP.
package struct Reply<Value: Encodable & Sendable>: ResponseGenerator, Sendable {
    package var value: Value
    package var status: HTTPResponse.Status
    package var headers: HTTPFields

    package init(_ value: Value, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        self.value = value
        self.status = status
        self.headers = headers
    }

    /// 201 with `value`.
    package static func created(_ value: Value) -> Reply { Reply(value, status: .created) }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        try Response.json(value, status: status, headers: headers)
    }
}
