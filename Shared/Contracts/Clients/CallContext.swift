package import HTTPKit

/// What a call takes along from the request it serves: how long it may last and the trace it belongs to.
package struct CallContext: Sendable {
    /// When the caller stops waiting; the callee is told, so that it does not work for nobody.
    package let deadline: Deadline
    /// A W3C `traceparent` value; the callee starts its own trace when absent.
    package let traceparent: String?

    package init(deadline: Deadline, traceparent: String? = nil) {
        self.deadline = deadline
        self.traceparent = traceparent
    }

    /// A context for work that no request waits for.
    package static func background(within limit: Duration) -> CallContext {
        CallContext(deadline: .after(limit))
    }
}
