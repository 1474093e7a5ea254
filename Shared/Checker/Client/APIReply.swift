package import Contracts
package import HTTPKit
package import NIOCore

/// What a gateway answered, whatever its status.
package struct APIReply: Sendable {
    package let status: Int
    package let headers: HeaderFields
    package let body: ByteBuffer

    package init(status: Int, headers: HeaderFields = HeaderFields(), body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package var isSuccess: Bool { (200..<300).contains(status) }

    /// The body as text.
    package var text: String { String(buffer: body) }

    /// The problem a refusal carries; nil when the body is something else.
    package var problem: ProblemDocument? { try? WireJSON.decode(ProblemDocument.self, from: body) }

    /// The stable code of the problem; nil when the body is none.
    package var code: String? { problem?.code }

    /// Reads the body as `Value`, whatever the status.
    package func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try WireJSON.decode(type, from: body)
    }

    /// Reads the body of a success as `Value`; a refusal becomes ``APIRefusal``.
    package func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        guard isSuccess else { throw APIRefusal(reply: self) }
        return try decode(type)
    }
}

/// The gateway answered with something else than success where only success will do.
package struct APIRefusal: Error, Sendable, CustomStringConvertible {
    package let reply: APIReply

    package var description: String {
        let reason = reply.problem.map { "\($0.code): \($0.detail ?? $0.title)" } ?? String(reply.text.prefix(200))
        return "status \(reply.status), \(reason)"
    }
}
