import NIOCore

/// One request after the other of a list that all connections share.
final class RotatingRequests: LoadScript {
    let readsBodies = false
    private let requests: Rotation<ByteBuffer>

    init(_ requests: Rotation<ByteBuffer>) {
        self.requests = requests
    }

    func begin() -> ByteBuffer { requests.next() }

    func received(_ reply: LoadReply) throws -> LoadStep {
        try reply.expect(200)
        return .finished
    }
}
