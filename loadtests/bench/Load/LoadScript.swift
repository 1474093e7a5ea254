import NIOCore

/// What one connection of a load sends, one operation after the other; used on the generator's event loop only.
protocol LoadScript: AnyObject {
    /// Whether replies are of interest beyond their status.
    var readsBodies: Bool { get }

    /// The first request of the next operation, whole, as it goes onto the wire.
    func begin() throws -> ByteBuffer

    /// What follows a reply; throws when it is not the one that was expected, which ends the measurement.
    func received(_ reply: LoadReply) throws -> LoadStep
}

/// What a script does next.
enum LoadStep {
    /// The operation is complete.
    case finished
    /// The operation goes on with this request.
    case send(ByteBuffer)
}

/// A reply as a script sees it.
struct LoadReply {
    let status: Int
    /// Empty for scripts that do not read bodies.
    let body: ByteBuffer

    /// Throws unless the reply has the one status that counts as success.
    func expect(_ expected: Int) throws {
        guard status == expected else { throw UnexpectedReply(status: status, text: String(buffer: body)) }
    }
}

/// A reply under load that must not be: the measurement would count refusals as work.
struct UnexpectedReply: Error, CustomStringConvertible {
    let status: Int
    let text: String

    var description: String { "a request under load was answered with status \(status) \(text.prefix(300))" }
}

/// The same request again and again.
final class RepeatedRequest: LoadScript {
    let readsBodies = false
    private let request: ByteBuffer
    private let status: Int

    /// - Parameter status: that of the reply which counts
    init(_ request: ByteBuffer, expecting status: Int = 200) {
        self.request = request
        self.status = status
    }

    func begin() -> ByteBuffer { request }

    func received(_ reply: LoadReply) throws -> LoadStep {
        try reply.expect(status)
        return .finished
    }
}
