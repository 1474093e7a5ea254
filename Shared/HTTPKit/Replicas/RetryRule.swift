/// Whether a request that got no response may be sent once more: a pure decision.
package enum RetryRule {
    /// How often a request is tried in all: while nothing of it can have been sent, replica after replica.
    package static let attemptsMax = 3
    /// How often a request is sent in all.
    package static let sendingsMax = 2

    /// - Parameters:
    ///   - attempts: how often it was tried
    ///   - isAtHand: whether all that was sent of the request is still there
    package static func mayRetry(
        _ failure: UpstreamFailure, method: RequestMethod, attempts: Int, isAtHand: Bool
    ) -> Bool {
        guard isAtHand, !failure.responseHadBegun else { return false }
        switch failure.error.code {
        case .connectFailed: return attempts < attemptsMax
        case .connectionClosed:
            return attempts < sendingsMax && (method.isIdempotent || !failure.error.mayHaveBeenProcessed)
        default: return false
        }
    }
}
