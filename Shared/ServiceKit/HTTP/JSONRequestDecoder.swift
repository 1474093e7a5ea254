import Contracts
package import Hummingbird
package import NIOCore

/// Reads request bodies as JSON; what is wrong with one is thrown as `DecodingError` and answered 400 or 422.
package struct JSONRequestDecoder: RequestDecoder {
    package init() {}

    package func decode<Value: Decodable>(
        _ type: Value.Type, from request: Request, context: some RequestContext
    ) async throws -> Value {
        try Self.decode(type, from: await request.body.collect(upTo: context.maxUploadSize))
    }

    /// Reads a body that was collected already; an empty one is malformed JSON.
    package static func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws -> Value {
        guard body.readableBytes > 0 else { throw Problem.malformed("the body is empty; a JSON object is expected") }
        return try WireJSON.decode(type, from: body)
    }
}
