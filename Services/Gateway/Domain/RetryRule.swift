import HTTPKit

/// Whether a request that got no response may be sent once more on a fresh connection: a pure decision.
enum RetryRule {
    /// - Parameters:
    ///   - hasRetried: whether this was the second time
    ///   - isAtHand: whether all that was sent of the request is still there
    static func mayRetry(
        _ failure: UpstreamFailure, method: RequestMethod, hasRetried: Bool, isAtHand: Bool
    ) -> Bool {
        guard !hasRetried, isAtHand, !failure.responseHadBegun else { return false }
        switch failure.error.code {
        case .connectFailed: return true
        case .connectionClosed: return method.isIdempotent || !failure.error.mayHaveBeenProcessed
        default: return false
        }
    }
}
