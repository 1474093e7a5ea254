import HTTPKit
import NIOCore

/// What is to be done with a request whose head is complete: a pure decision.
enum Admission: Sendable, Hashable {
    /// Forward it; with `sendsContinue` the client waits to be told that its body is wanted.
    case forward(Route, sendsContinue: Bool)
    /// Answer with the health of all services.
    case health
    /// Answer with a document of the gateway's own.
    case document(PublicDocuments.Name)
    case refuse(Refusal)

    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

    init(_ head: RequestHead, _ framing: BodyFraming, bodyBytesMax: Int) {
        let bytes = head.bytes.readableBytesUInt8Span
        switch head.method {
        case .trace:
            self = .refuse(.methodNotAllowed(allow: Self.methods))
            return
        case .connect, .other:
            self = .refuse(.methodNotImplemented)
            return
        case .get, .head, .post, .put, .delete, .patch, .options: break
        }
        if head.targetRange.count == 1, bytes[head.targetRange.lowerBound] == UInt8(ascii: "*") {
            self = .refuse(head.method == .options ? .notFound : .badRequest("the address is not valid"))
            return
        }
        guard let path = RequestPath.parse(bytes, head.targetRange) else {
            self = .refuse(.badRequest("the address is not valid"))
            return
        }
        if case .length(let length) = framing, length > bodyBytesMax {
            self = .refuse(.bodyTooLarge(bodyBytesMax))
            return
        }
        if let own = Admission(answeredHere: bytes, path) {
            let isRead = head.method == .get || head.method == .head
            self = isRead ? own : .refuse(.methodNotAllowed(allow: "GET, HEAD"))
            return
        }
        guard let route = RouteTable.route(bytes, path) else {
            self = .refuse(.notFound)
            return
        }
        guard let expectation = head.fields.first(.expect) else {
            self = .forward(route, sendsContinue: false)
            return
        }
        guard HTTPSyntax.equals(bytes, expectation.value, "100-continue") else {
            self = .refuse(.expectationUnknown)
            return
        }
        self = .forward(route, sendsContinue: head.version == .http11 && framing != .none)
    }

    /// What a read of `path` is answered with when no service has to be asked.
    private init?(answeredHere bytes: Span<UInt8>, _ path: Range<Int>) {
        if HTTPSyntax.isExactly(bytes, path, "/health") {
            self = .health
        } else if let name = PublicDocuments.Name(bytes, path) {
            self = .document(name)
        } else {
            return nil
        }
    }
}

extension HTTPSyntax {
    /// Whether the bytes at `range` are exactly `text`.
    static func isExactly(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count where bytes[range.lowerBound + offset] != text.utf8Start[offset] { return false }
        return true
    }
}
