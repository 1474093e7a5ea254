package import Hummingbird

extension IdempotencyStore.Beginning {
    /// The answer to a request whose key is known: the stored reply again, or why there is none.
    ///
    /// - Throws: ``Problem`` `request-in-progress` or `idempotency-key-reused`.
    package func response() throws(Problem) -> Response {
        switch self {
        case .replay(let reply): return reply.response(replayed: true)
        case .inFlight(let remaining): throw .requestInProgress(retryAfter: remaining)
        case .mismatch: throw .idempotencyKeyReused
        case .started: throw .internalError
        }
    }
}
