package import Contracts
import Foundation
package import HTTPKit
package import Hummingbird
package import Logging
package import NIOCore

/// What a route knows about the request besides the request itself.
///
/// Kept small and free of text that is only needed sometimes, because it is made for every request and copied along.
package struct ServiceContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Who is asking; nil without a token. A bad token never gets this far.
    package var identity: Identity?
    /// Which service is asking, on internal routes.
    package var caller: ServiceName?
    /// When the answer is due; pass it to every call made on the way.
    package var deadline: Deadline
    /// The trace this request belongs to, and the span of its handling here.
    package var traceparent: TraceParent
    /// Largest body that is read.
    package var maxUploadSize: Int
    /// The connection that the request came on.
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        deadline = .after(.seconds(10))
        traceparent = .none
        maxUploadSize = 1_048_576
    }

    package var requestDecoder: JSONRequestDecoder { JSONRequestDecoder() }
    package var responseEncoder: JSONResponseEncoder { JSONResponseEncoder() }

    /// What calls to other services take along: the deadline and the trace.
    package var call: CallContext { CallContext(deadline: deadline, traceparent: traceparent.header) }

    /// Names the request in logs: the id of its trace.
    package var requestID: String { traceparent.traceID }

    /// The other end of the connection; nil when there is no network between, as in tests of the router.
    package var peerAddress: SocketAddress? { channel.remoteAddress }

    /// A logger whose lines carry the trace id; made when asked for, so that silent requests do not pay for it.
    package var log: Logger {
        var logger = logger
        logger[metadataKey: "traceId"] = .string(traceparent.traceID)
        if let identity { logger[metadataKey: "userId"] = .string(identity.userID) }
        return logger
    }

    /// Who is asking, or 401.
    package func requireIdentity() throws(Problem) -> Identity {
        guard let identity else { throw .unauthorized() }
        return identity
    }

    /// The admin who is asking, or 401 or 403.
    @discardableResult
    package func requireAdmin() throws(Problem) -> Identity {
        let identity = try requireIdentity()
        guard identity.isAdmin else { throw .forbidden("this needs the role admin") }
        return identity
    }

    /// A path parameter; its absence would be a route declared wrongly, answered as 404.
    package func parameter(_ name: String) throws(Problem) -> String {
        guard let value = parameters.get(name) else { throw .notFound("address") }
        return value.removingPercentEncoding ?? value
    }
}
