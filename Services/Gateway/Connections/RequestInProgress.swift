import HTTPKit
import NIOCore
import ServiceKit

/// What a connection knows of the request it is serving.
///
/// A class, because it is read and changed in many places on the way and copying it each time costs more than making it.
final class RequestInProgress {
    let head: RequestHead
    /// The trace it belongs to, the client's own when that is well-formed.
    let trace: TraceParent
    let started: NIODeadline
    var progress: ExchangeProgress
    /// The service that answers; nil while the gateway does.
    var upstream: Upstream?
    var framing = ClientFraming.asIs
    var status = 0
    var bodyBytesReceived = 0

    init(_ head: RequestHead, now: NIODeadline) {
        self.head = head
        started = now
        progress = ExchangeProgress(keepsAlive: head.keepsAlive)
        trace = Self.trace(of: head.fields)
    }

    /// The path without the query, for problem documents and logs.
    var path: String {
        let target = head.target
        return target.firstIndex(of: "?").map { String(target[..<$0]) } ?? target
    }

    private static func trace(of fields: HeaderFields) -> TraceParent {
        let bytes = fields.bytes.readableBytesUInt8Span
        var given: TraceParent?
        var count = 0
        for entry in fields.entries where HTTPSyntax.equals(bytes, entry.name, "traceparent") {
            given = TraceParent(parsing: bytes.extracting(entry.value))
            count += 1
        }
        if count == 1, let given { return given }
        return TraceParent(continuing: nil)
    }
}
