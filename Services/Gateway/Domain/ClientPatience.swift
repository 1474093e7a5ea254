import NIOCore

/// How long a client may take for what it owes: a pure account of the deadlines of one connection.
struct ClientPatience: Sendable {
    /// What a client failed to do in time.
    enum Lapse: Sendable, Hashable {
        case idle
        case head
        case body
        case stalledReading
        case lingering
    }

    private enum Owed {
        case nothing
        case request
        case head
        case body(since: NIODeadline, received: Int)
        case end
    }

    private let limits: GatewayLimits
    private var owed = Owed.nothing
    private var owedDue: NIODeadline?
    private var stallDue: NIODeadline?

    init(_ limits: GatewayLimits) {
        self.limits = limits
    }

    /// The moment at which the client will have failed, unless something happens before.
    var due: NIODeadline? {
        guard let owedDue else { return stallDue }
        return stallDue.map { min($0, owedDue) } ?? owedDue
    }

    /// The connection is between requests.
    mutating func awaitRequest(_ now: NIODeadline) {
        owed = .request
        owedDue = now + limits.idleTimeout
    }

    /// Bytes of a head have come; only the first of them start the clock.
    mutating func awaitHead(_ now: NIODeadline) {
        if case .head = owed { return }
        owed = .head
        owedDue = now + limits.headTimeout
    }

    /// The head is complete and a body is to follow.
    mutating func awaitBody(_ now: NIODeadline) {
        owed = .body(since: now, received: 0)
        owedDue = now + limits.bodyGrace
    }

    /// Bytes of the body came: each second's worth of them buys a second.
    mutating func bodyReceived(_ count: Int) {
        guard case .body(let since, let received) = owed else { return }
        let total = received + count
        owed = .body(since: since, received: total)
        let bought = Int64(total) * 1_000_000_000 / Int64(limits.bodyBytesPerSecondMin)
        owedDue = since + limits.bodyGrace + .nanoseconds(bought)
    }

    /// The body goes on; it is timed anew only when it was held up.
    mutating func resumeBody(_ now: NIODeadline) {
        if case .body = owed { return }
        awaitBody(now)
    }

    /// Nothing is owed: the service's turn, or the gateway itself holds the body up.
    mutating func awaitNothing() {
        owed = .nothing
        owedDue = nil
    }

    /// The response is sent and the rest of the input is thrown away.
    mutating func awaitEnd(_ now: NIODeadline) {
        owed = .end
        owedDue = now + limits.lingerTimeout
        stallDue = nil
    }

    /// The client does not take what is sent.
    mutating func readingStalled(_ now: NIODeadline) {
        stallDue = now + limits.stallTimeout
    }

    mutating func readingResumed() {
        stallDue = nil
    }

    /// What the client has failed to do at `now`.
    func lapse(_ now: NIODeadline) -> Lapse? {
        if let stallDue, stallDue <= now { return .stalledReading }
        guard let owedDue, owedDue <= now else { return nil }
        switch owed {
        case .nothing: return nil
        case .request: return .idle
        case .head: return .head
        case .body: return .body
        case .end: return .lingering
        }
    }
}
