/// Why a call to another service brought no result.
package enum ServiceCallError: Error, Sendable {
    /// The service answered with a problem; nothing was done unless the problem says otherwise.
    case refused(ProblemDocument)
    /// No answer came. When `outcomeUnknown`, the service may have acted all the same.
    case unreachable(service: ServiceName, outcomeUnknown: Bool, reason: String)
    /// The answer was not what the contract says.
    case malformedReply(service: ServiceName, reason: String)

    /// The problem, when the service answered with one.
    package var problem: ProblemDocument? {
        if case .refused(let problem) = self { problem } else { nil }
    }

    /// Whether the call may have had its effect although no result came.
    package var outcomeUnknown: Bool {
        switch self {
        case .refused(let problem): problem.status >= 500 && problem.status != 503
        case .unreachable(_, let outcomeUnknown, _): outcomeUnknown
        case .malformedReply: true
        }
    }
}
