import Contracts
import HTTPKit
import NIOCore
import ServiceKit

/// What a connection knows of the request it is serving.
struct RequestInProgress {
    let head: RequestHead
    /// The value of `traceparent`, the client's own when it is well-formed.
    let trace: String
    let started: NIODeadline
    var progress: ExchangeProgress
    /// The service that answers; nil while the gateway does.
    var service: ServiceName?
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

    private static func trace(of fields: HeaderFields) -> String {
        let given = fields.all("traceparent")
        if given.count == 1, let trace = given.first, TraceParent(parsing: trace) != nil { return trace }
        return TraceParent(continuing: nil).header
    }
}
