import Contracts
import Foundation
import HTTPTypes
package import Hummingbird
package import NIOCore

/// Reads request bodies as JSON; what is wrong with one is thrown as a ``Problem``, 400 or 422 with the field.
package struct JSONRequestDecoder: RequestDecoder {
    package init() {}

    package func decode<Value: Decodable>(
        _ type: Value.Type, from request: Request, context: some RequestContext
    ) async throws -> Value {
        try Self.decode(type, from: await request.body.collect(upTo: context.maxUploadSize))
    }

    /// Foundation reports a fraction or a huge number in an integer's place as invalid JSON, without saying where.
    private static let numberThatDoesNotFit = Problem.invalid(
        "body", "has a number that does not fit its field: too large, or with decimals where there are none")

    private static func isJSON(_ body: ByteBuffer) -> Bool {
        let data = Data(body.readableBytesView)
        return (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil
    }

    /// Reads a body that was collected already; an empty one is malformed JSON.
    package static func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws -> Value {
        guard body.readableBytes > 0 else { throw Problem.malformed("the body is empty; a JSON object is expected") }
        switch JSONCharacters.fault(in: body) {
        case .null:
            let field = JSONCharacters.fieldOfNull(in: body) ?? "body"
            throw Problem.invalid(field, "must not contain the character U+0000")
        case .runOfMarks:
            throw Problem.invalid("body", "has more than \(JSONCharacters.marksMax) combining marks in a row")
        case nil: break
        }
        do {
            return try WireJSON.decode(type, from: body)
        } catch let error as DecodingError {
            // Translated here, because Hummingbird would answer 400 to each of them.
            let problem = Problem(decoding: error)
            throw problem.status == .badRequest && isJSON(body) ? numberThatDoesNotFit : problem
        }
    }
}
