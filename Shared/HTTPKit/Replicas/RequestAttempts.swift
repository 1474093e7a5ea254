/// The attempts of one request: which replica has it now, and which one may have it next.
///
/// Whoever carries a request asks here for a pool before each attempt and says how it ended, exactly once; so this is
/// the one place that knows where requests go. It belongs to the event loop of its replicas.
package struct RequestAttempts {
    private let replicas: ReplicaSet
    private let lane: Int
    private var lease: ReplicaSet.Selection.Lease?
    private var count = 0
    /// Whether a server may have acted on an attempt that failed.
    private var mayHaveBeenProcessed = false

    /// - Parameter lane: the kind of connection it needs, a place in the `lanes` of `replicas`
    package init(_ replicas: ReplicaSet, lane: Int = 0) {
        self.replicas = replicas
        self.lane = lane
    }

    /// The pool of the replica that has the request.
    package var pool: EndpointPool? { lease?.connections[lane] }

    /// The pool for the first attempt; nil when no replica can be reached.
    package mutating func begin() -> EndpointPool? {
        count = 1
        lease = replicas.choose()
        return pool
    }

    /// The pool for another attempt after `failure`; nil when it must not be made or nobody can have it.
    ///
    /// - Parameter isAtHand: whether all that was sent of the request is still there
    package mutating func next(
        after failure: UpstreamFailure, method: RequestMethod, isAtHand: Bool
    ) -> EndpointPool? {
        guard let lease else { return nil }
        self.lease = nil
        mayHaveBeenProcessed = mayHaveBeenProcessed || failure.error.mayHaveBeenProcessed
        replicas.ended(lease, Self.outcome(failure))
        guard !lease.connections[lane].isShutDown else { return nil }
        guard RetryRule.mayRetry(failure, method: method, attempts: count, isAtHand: isAtHand) else { return nil }
        let mayRepeat = failure.error.code == .connectionClosed
        // What else lies idle there is likely to be stale as well.
        if mayRepeat { lease.connections[lane].dropIdle() }
        count += 1
        self.lease = replicas.choose(insteadOf: lease, mayRepeat: mayRepeat)
        return pool
    }

    /// The failure of the last attempt, after others: what may have happened then still may.
    package func remembering(_ failure: UpstreamFailure) -> UpstreamFailure {
        guard mayHaveBeenProcessed, !failure.error.mayHaveBeenProcessed else { return failure }
        let error = HTTPClientError(
            failure.error.code, failure.error.message, mayHaveBeenProcessed: true, underlying: failure.error.underlying)
        return UpstreamFailure(
            error: error, connectionWasReused: failure.connectionWasReused, responseHadBegun: failure.responseHadBegun)
    }

    /// The request ended: with a whole response, or because nobody waits for one any more.
    package mutating func end(answered: Bool) {
        guard let lease else { return }
        self.lease = nil
        replicas.ended(lease, answered ? .answered : .inconclusive)
    }

    private static func outcome(_ failure: UpstreamFailure) -> ReplicaSet.Selection.Outcome {
        switch failure.error.code {
        case .connectFailed: .notConnected
        case .connectionClosed: failure.isStaleConnection ? .inconclusive : .broken
        case .cancelled, .deadlineExceeded, .invalidRequest, .malformedResponse, .overloaded, .responseTooLarge:
            .inconclusive
        }
    }
}
