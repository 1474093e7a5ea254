import Contracts
package import HTTPTypes
package import Hummingbird

/// Writes values as JSON bodies, encoded once and sent as they are.
package struct JSONResponseEncoder: ResponseEncoder {
    package init() {}

    package func encode(
        _ value: some Encodable, from request: Request, context: some RequestContext
    ) throws -> Response {
        try Response.json(value)
    }
}

extension Response {
    /// The media type of every JSON body.
    package static let jsonMediaType = "application/json"

    /// An answer with `value` as its JSON body.
    package static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers.reserveCapacity(headers.count + 4)
        headers[.contentType] = jsonMediaType
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: try WireJSON.encode(value)))
    }

    /// An answer whose JSON body is written already.
    package static func json(
        bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers.reserveCapacity(headers.count + 4)
        headers[.contentType] = jsonMediaType
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// 204.
    package static let noContent = Response(status: .noContent)
}
